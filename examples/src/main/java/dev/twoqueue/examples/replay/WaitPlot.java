package dev.twoqueue.examples.replay;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of the waits: which share of the jobs waited longer than so many hours. */
public final class WaitPlot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 440;
  private static final int POINTS = 400;
  private static final double NANOS_PER_HOUR = 3.6e12;

  /** Okabe and Ito's palette, which people who confuse red and green can tell apart. */
  private static final Color[] COLOURS = {
    new Color(0x000000),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xD55E00),
    new Color(0x0072B2)
  };

  private WaitPlot() {}

  /**
   * Draws one chart a comparison, side by side; needs no display.
   *
   * @param comparisons at least one
   * @param file a PNG, which is replaced
   * @throws IOException when it cannot be written
   */
  public static void write(List<Comparison> comparisons, Path file) throws IOException {
    List<XYChart> charts = comparisons.stream().map(WaitPlot::chart).toList();
    BitmapEncoder.saveBitmap(charts, 1, charts.size(), file.toString(), BitmapFormat.PNG);
  }

  private static XYChart chart(Comparison comparison) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(
                String.format(
                    Locale.ROOT,
                    "%s, load %.2f",
                    comparison.trace().name(),
                    comparison.trace().load()))
            .xAxisTitle("wait, hours")
            .yAxisTitle("share of jobs that wait longer")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(LegendPosition.InsideSW);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setSeriesColors(COLOURS.clone());
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    for (Comparison.Run run : comparison.runs()) {
      long[] waits = run.schedule().waits();
      List<Double> hours = new ArrayList<>();
      List<Double> shares = new ArrayList<>();
      for (int rank : ranks(waits.length)) {
        hours.add(waits[rank] / NANOS_PER_HOUR);
        shares.add((double) (waits.length - rank) / waits.length);
      }
      chart.addSeries(run.policy(), hours, shares).setMarker(SeriesMarkers.NONE);
    }
    return chart;
  }

  /** Evenly spaced on the axis of shares, which is logarithmic: close together at the longest. */
  private static List<Integer> ranks(int jobs) {
    return IntStream.rangeClosed(0, POINTS)
        .map(i -> jobs - (int) Math.round(Math.pow(jobs, 1 - (double) i / POINTS)))
        .distinct()
        .boxed()
        .toList();
  }
}
