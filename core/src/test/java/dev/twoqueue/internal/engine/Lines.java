package dev.twoqueue.internal.engine;

import java.util.ArrayList;
import java.util.List;

/** Keeps a log of inputs in memory. */
class Lines implements InputSink {
  final List<String> all = new ArrayList<>();
  final List<Throwable> broken = new ArrayList<>();
  boolean full;

  @Override
  public boolean over() {
    return full;
  }

  @Override
  public void add(CharSequence line) {
    all.add(line.toString());
  }

  @Override
  public void broken(Throwable why) {
    broken.add(why);
  }

  String last() {
    return all.get(all.size() - 1);
  }
}
