package dev.twoqueue.linearizability;

import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler of {@link LincheckTest} promises, told for one thread and in the words of the
 * rule: each call takes effect at once and whole. In a time that stands still a turn's budget is
 * never used up, so a turn ends only when its class has nothing that may start.
 */
public class SequentialModel {
  private final Map<Integer, TaskState> states = new HashMap<>();
  private final Deque<Integer> waitingLocal = new ArrayDeque<>();
  private final Deque<Integer> waitingFleet = new ArrayDeque<>();
  private final List<Integer> fleet = new ArrayList<>();
  private final Set<TaskClass> paused = EnumSet.noneOf(TaskClass.class);
  private @Nullable Integer local;
  private @Nullable TaskClass turn;
  private boolean doorClosed;
  private boolean shutdown;
  private int limit = LincheckTest.FLEET_LIMIT;

  public String submit(int key) {
    if (states.get(key) != null) {
      return "known";
    }
    Deque<Integer> queue = LincheckTest.isLocal(key) ? waitingLocal : waitingFleet;
    if (shutdown) {
      states.put(key, TaskState.REFUSED);
      return "shut down";
    }
    if (queue.size() >= LincheckTest.QUEUE_LIMIT) {
      states.put(key, TaskState.REFUSED);
      return "full";
    }
    states.put(key, TaskState.QUEUED);
    queue.add(key);
    startWhatMay();
    return "taken";
  }

  public boolean cancel(int key) {
    TaskState state = states.get(key);
    if (state != TaskState.QUEUED && state != TaskState.RUNNING) {
      return false;
    }
    end(key, TaskState.CANCELLED);
    return true;
  }

  public void complete(int key) {
    if (states.get(key) == TaskState.RUNNING) {
      end(key, TaskState.SUCCEEDED);
    }
  }

  private void end(int key, TaskState state) {
    states.put(key, state);
    waitingLocal.remove(key);
    waitingFleet.remove(key);
    fleet.remove((Object) key);
    if (local != null && local == key) {
      local = null;
    }
    startWhatMay();
  }

  public void pause(boolean ofFleet) {
    paused.add(LincheckTest.classOf(ofFleet));
    startWhatMay();
  }

  public void resume(boolean ofFleet) {
    paused.remove(LincheckTest.classOf(ofFleet));
    startWhatMay();
  }

  public void fleetLimit(int newLimit) {
    limit = newLimit;
    startWhatMay();
  }

  public void shutdown() {
    shutdown = true;
  }

  public String state(int key) {
    TaskState state = states.get(key);
    return state == null || state == TaskState.REFUSED ? "none" : state.name();
  }

  public String counts() {
    return LincheckTest.counts(
        local == null ? 0 : 1, fleet.size(), waitingLocal.size(), waitingFleet.size());
  }

  private void startWhatMay() {
    boolean moved;
    do {
      moved = startFleet();
      moved |= startLocal();
    } while (moved);
    if (local == null && fleet.isEmpty() && !fleetWants() && !localWants()) {
      turn = null;
    }
  }

  private boolean localWants() {
    return !waitingLocal.isEmpty() && !paused.contains(TaskClass.LOCAL_HEAVY);
  }

  private boolean fleetWants() {
    return !waitingFleet.isEmpty() && !paused.contains(TaskClass.FLEET);
  }

  private boolean startFleet() {
    if (doorClosed || local != null || !fleetWants()) {
      return false;
    }
    if (turn == TaskClass.LOCAL_HEAVY && localWants()) {
      return false;
    }
    turn = TaskClass.FLEET;
    boolean any = false;
    while (!waitingFleet.isEmpty() && fleet.size() < limit) {
      fleet.add(waitingFleet.remove());
      states.put(fleet.get(fleet.size() - 1), TaskState.RUNNING);
      any = true;
    }
    return any;
  }

  private boolean startLocal() {
    if (!localWants()) {
      doorClosed = false;
      return false;
    }
    if (local != null || (!doorClosed && fleetWants() && turn == TaskClass.FLEET)) {
      return false;
    }
    if (!fleet.isEmpty()) {
      boolean closes = !doorClosed;
      doorClosed = true;
      return closes;
    }
    doorClosed = false;
    turn = TaskClass.LOCAL_HEAVY;
    local = waitingLocal.remove();
    states.put(local, TaskState.RUNNING);
    return true;
  }
}
