package dev.twoqueue.ollama;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads {@code /api/embed} as it streams by, straight into arrays. */
final class EmbedReader {
  private EmbedReader() {}

  /**
   * Reads the answer to a request with so many texts.
   *
   * @throws Json.MalformedException also when there are more or fewer vectors than texts
   */
  static List<float[]> read(InputStream in, int texts) throws IOException {
    try (JsonParser parser = Json.factory().createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Json.MalformedException("no JSON object");
      }
      List<float[]> embeddings = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("embeddings")) {
          embeddings = vectors(parser, texts);
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new Json.MalformedException("text after the answer's end");
      }
      if (embeddings == null) {
        throw new Json.MalformedException("no field 'embeddings'");
      }
      if (embeddings.size() != texts) {
        throw wrongNumber(embeddings.size() + " embeddings", texts);
      }
      return embeddings;
    }
  }

  private static Json.MalformedException wrongNumber(String came, int texts) {
    return new Json.MalformedException(came + " for " + texts + " texts");
  }

  private static List<float[]> vectors(JsonParser parser, int most) throws IOException {
    expect(parser.currentToken() == JsonToken.START_ARRAY);
    List<float[]> vectors = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken() == JsonToken.START_ARRAY);
      if (vectors.size() == most) {
        // Empty ones would cost far more memory than the bytes that state them.
        throw wrongNumber("more embeddings", most);
      }
      vectors.add(vector(parser));
    }
    return vectors;
  }

  private static float[] vector(JsonParser parser) throws IOException {
    float[] values = new float[1024];
    int size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken().isNumeric());
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = parser.getFloatValue();
    }
    return Arrays.copyOf(values, size);
  }

  private static void expect(boolean holds) throws IOException {
    if (!holds) {
      throw new Json.MalformedException("field 'embeddings' is no list of lists of numbers");
    }
  }
}
