package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class NumbersTest {

  @Property(tries = 300)
  void reads_as_a_decimal_would(
      @ForAll @LongRange(min = -10_000_000, max = 10_000_000) long thousandths,
      @ForAll @IntRange(max = 2) int digits) {
    double value = thousandths / 1024.0; // exact, so that both round the same number
    BigDecimal exact = new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP);
    String plain = exact.signum() == 0 ? exact.abs().toPlainString() : exact.toPlainString();

    assertEquals(plain, Numbers.fixed(value, digits));
  }

  @Test
  void what_is_no_number_or_huge_is_shown_as_it_is() {
    assertEquals("NaN", Numbers.fixed(Double.NaN, 2));
    assertEquals("-Infinity", Numbers.fixed(Double.NEGATIVE_INFINITY, 2));
    assertEquals("1.0E300", Numbers.fixed(1e300, 1));
    assertEquals("0.00", Numbers.fixed(-0.001, 2));
    assertEquals("80 %", Numbers.percent(0.8));
  }
}
