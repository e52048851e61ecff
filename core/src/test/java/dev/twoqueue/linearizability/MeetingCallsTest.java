package dev.twoqueue.linearizability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@link LincheckTest} with the calls chosen instead of drawn: those that decide about the same
 * slots, and so are the first to go wrong where two of them meet. Most scenarios that are drawn
 * hold none of these pairs, and a removed lock passes a dozen of them.
 */
class MeetingCallsTest {
  /** For each scenario; more with {@code -Dtwoqueue.lincheck=N}. */
  private static final int INVOCATIONS = 300 * Integer.getInteger("twoqueue.lincheck", 1);

  /**
   * Each call takes effect at once.
   *
   * @param before calls of one thread, before the others begin
   * @param here calls of one thread
   * @param there calls of the other one, meanwhile
   */
  @ParameterizedTest
  @CsvSource({
    "'', 'submit 1, submit 2', 'submit 3, submit 4'",
    "'submit 1, submit 2', 'fleetLimit 2, fleetLimit 1', 'complete 1, submit 1'",
    "'submit 1, submit 2', 'cancel 1, cancel 2', 'complete 1, cancel 2'",
    "'submit 1, submit 3', 'complete 1, cancel 3', 'cancel 1, complete 3'",
    "'pause true, submit 1, submit 3', 'resume true, cancel 3', 'pause true, cancel 1'",
    "'submit 1', 'shutdown, complete 1', 'submit 2, submit 3'",
  })
  void callsThatMeetTakeEffectAtOnce(String before, String here, String there) {
    ExecutionScenario scenario =
        new ExecutionScenario(
            calls(before), List.of(calls(here), calls(there)), calls("counts"), null);
    assertEquals(2, scenario.getNThreads());
    StressOptions options = new StressOptions();
    options.iterations(0);
    options.addCustomScenario(scenario);
    options.invocationsPerIteration(INVOCATIONS);
    options.sequentialSpecification(SequentialModel.class);
    options.check(LincheckTest.class); // throws, with the interleaving, where it does not hold
  }

  private static List<Actor> calls(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(", ", -1)).map(MeetingCallsTest::call).toList();
  }

  /** A name and its argument, if any. */
  private static Actor call(String text) {
    String[] words = text.split(" ", -1);
    for (Method method : LincheckTest.class.getDeclaredMethods()) {
      boolean named = method.getName().equals(words[0]);
      if (named
          && method.isAnnotationPresent(Operation.class)
          && method.getParameterCount() == words.length - 1) {
        List<Object> arguments = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
          arguments.add(argument(method.getParameterTypes()[i - 1], words[i]));
        }
        return new Actor(method, arguments);
      }
    }
    throw new IllegalArgumentException("no operation is " + text);
  }

  private static Object argument(Class<?> type, String word) {
    return type == boolean.class ? Boolean.valueOf(word) : Integer.valueOf(word);
  }
}
