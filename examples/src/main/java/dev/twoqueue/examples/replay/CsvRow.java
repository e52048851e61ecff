package dev.twoqueue.examples.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A row of a CSV file that knows where it stands, so that whoever wrote it can be told. */
public final class CsvRow {
  private final Path file;
  private final long line;
  private final List<String> columns;
  private final List<String> values;

  private CsvRow(Path file, long line, List<String> columns, List<String> values) {
    this.file = file;
    this.line = line;
    this.columns = columns;
    this.values = values;
  }

  /**
   * All rows that are not blank; at least one.
   *
   * @param file in UTF-8, with the names of its columns in the first line
   * @param needed columns that must be there
   * @return the rows in order
   * @throws IOException when the file cannot be read
   * @throws TraceFormatException when it is no such file
   */
  public static List<CsvRow> read(Path file, String... needed)
      throws IOException, TraceFormatException {
    List<CsvRow> rows = new ArrayList<>();
    List<String> columns = null;
    long number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        List<String> values = split(file, number, line);
        if (columns == null) {
          columns = named(file, values, needed);
        } else if (!line.isBlank()) {
          CsvRow row = new CsvRow(file, number, columns, values);
          if (values.size() != columns.size()) {
            throw row.wrong(
                values.size()
                    + " values for "
                    + columns.size()
                    + " columns: complete the row or delete it");
          }
          rows.add(row);
        }
      }
    } catch (CharacterCodingException notText) {
      throw new TraceFormatException(file, 0, "is not UTF-8 text: save it as CSV in UTF-8");
    }
    if (rows.isEmpty()) {
      throw new TraceFormatException(
          file, 0, "has no rows: give the columns " + String.join(",", needed) + " and a row each");
    }
    return rows;
  }

  private static List<String> split(Path file, long number, String line)
      throws TraceFormatException {
    if (line.indexOf('"') >= 0) {
      throw new TraceFormatException(file, number, "has quotes: write the values without them");
    }
    List<String> values = new ArrayList<>();
    for (String value : line.split(",", -1)) {
      values.add(value.strip());
    }
    return values;
  }

  private static List<String> named(Path file, List<String> names, String... needed)
      throws TraceFormatException {
    List<String> columns = new ArrayList<>(names);
    columns.set(0, columns.get(0).replace("\uFEFF", "")); // the byte order mark of some editors
    for (String name : needed) {
      if (!columns.contains(name)) {
        throw new TraceFormatException(
            file,
            1,
            "no column "
                + name
                + " among "
                + columns
                + ": the first line must name the columns "
                + String.join(",", needed));
      }
    }
    return columns;
  }

  /**
   * A value.
   *
   * @param column one of the needed columns
   * @return what stands there
   * @throws TraceFormatException when nothing does
   */
  public String text(String column) throws TraceFormatException {
    String value = values.get(columns.indexOf(column));
    if (value.isEmpty()) {
      throw wrong(column + " is empty: name it, or delete the row");
    }
    return value;
  }

  /**
   * Whether anything stands in a column.
   *
   * @param column one of the needed columns
   * @return false when it is empty
   */
  public boolean has(String column) {
    return !values.get(columns.indexOf(column)).isEmpty();
  }

  /**
   * A number.
   *
   * @param column one of the needed columns
   * @param least the smallest that is accepted
   * @param most the largest
   * @return the number
   * @throws TraceFormatException when it is none, or out of range
   */
  public double number(String column, double least, double most) throws TraceFormatException {
    String value = text(column);
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) { // false for NaN too
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, in the words of the file.
    }
    throw wrong(
        column
            + " is '"
            + value
            + "', not a number from "
            + (long) least
            + " to "
            + (long) most
            + ": correct the row or delete it");
  }

  /**
   * An error that names this row.
   *
   * @param problem what is wrong with it
   * @return the error, to be thrown
   */
  public TraceFormatException wrong(String problem) {
    return new TraceFormatException(file, line, problem);
  }
}
