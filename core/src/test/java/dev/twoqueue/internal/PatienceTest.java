package dev.twoqueue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How often is looked before patience is at its end. */
class PatienceTest {
  private int looks;

  private int looksInVain(Patience patience) {
    looks = 0;
    assertFalse(patience.outlasts(this::never));
    return looks;
  }

  private boolean never() {
    looks++;
    return false;
  }

  @Test
  void itGrowsWhereItWasWorthItAndNeverAboveItsBound() {
    Patience patience = new Patience(4, 30);
    assertTrue(patience.outlasts(() -> true));
    assertTrue(patience.outlasts(() -> true));
    assertEquals(16, looksInVain(patience));
    for (int i = 0; i < 10; i++) {
      assertTrue(patience.outlasts(() -> true));
    }
    assertEquals(30, looksInVain(patience));
  }

  @Test
  void itShrinksWhereItWasInVainAndNeverBelowItsBound() {
    Patience patience = new Patience(4, 32);
    for (int i = 0; i < 3; i++) {
      assertTrue(patience.outlasts(() -> true));
    }
    assertEquals(32, looksInVain(patience));
    assertEquals(16, looksInVain(patience));
    assertEquals(8, looksInVain(patience));
    assertEquals(4, looksInVain(patience));
    assertEquals(4, looksInVain(patience));
  }

  @Test
  void whatHappensAtTheLastLookIsSeen() {
    Patience patience = new Patience(4, 4);
    looks = 0;
    assertTrue(patience.outlasts(() -> ++looks == 4));
    looks = 0;
    assertFalse(patience.outlasts(() -> ++looks == 5));
  }

  @Test
  void thereMayBeNoneAtAll() {
    Patience none = new Patience(0, 0);
    assertEquals(0, looksInVain(none));
    assertFalse(none.outlasts(() -> true), "nobody looked");
  }
}
