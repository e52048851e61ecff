package dev.twoqueue.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.BoundedInput;
import dev.twoqueue.ollama.internal.http.Json;
import java.io.IOException;
import java.util.Locale;

/** A model's manifest, which lists its layers: a registry's own protocol, not Ollama's. */
final class RegistryManifest {
  private static final String TYPE = "application/vnd.docker.distribution.manifest.v2+json";
  private static final String PLAIN = "http://";

  private RegistryManifest() {}

  static ApiRequest request(String model) {
    ModelName name = ModelName.parse(model);
    String scheme = model.toLowerCase(Locale.ROOT).startsWith(PLAIN) ? PLAIN : "https://";
    String url =
        scheme
            + name.host()
            + "/v2/"
            + name.namespace()
            + "/"
            + name.model()
            + "/manifests/"
            + name.tag();
    return ApiRequest.getElsewhere(url, model, TYPE);
  }

  static long size(BoundedInput body) throws IOException {
    JsonNode manifest = Json.requireObject(Json.tree(body));
    JsonNode layers = manifest.path("layers");
    if (!layers.isArray()) {
      throw new Json.MalformedException("a manifest without layers");
    }
    long sum = Json.count(manifest.path("config"), "size");
    for (JsonNode layer : layers) {
      long more = Json.count(Json.requireObject(layer), "size");
      if (sum + more < sum) {
        throw new Json.MalformedException("a manifest with an impossible size");
      }
      sum += more;
    }
    return sum;
  }
}
