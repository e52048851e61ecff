package dev.twoqueue.internal.engine;

import dev.twoqueue.TaskClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The jobs of a replay, by number. One that is gone is forgotten: a log may be long. */
final class ReplayedJobs {
  private static final int MOST = 4_000_000;

  private final Map<Long, Job> jobs = new HashMap<>();
  private long last = Long.MIN_VALUE;

  /** A job that is submitted; kept unless it is rejected. */
  Job submitted(InputFields fields) throws BadInputException {
    long number = fields.number(0);
    if (number <= last) {
      throw new BadInputException("job " + number + " comes after job " + last);
    }
    if (jobs.size() >= MOST) {
      throw new BadInputException("more than " + MOST + " tasks wait, more than a replay holds");
    }
    last = number;
    return new Job(
        number,
        LogText.taskClass(fields.text()),
        LogText.key(fields.text()),
        "task",
        fields.duration(),
        fields.duration());
  }

  void keep(Job job) {
    jobs.put(job.id, job);
  }

  /** A job that was submitted before; one that is gone is like any other that is. */
  Job named(InputFields fields) throws BadInputException {
    long number = fields.number(0);
    if (number > last) {
      throw new BadInputException("job " + number + " was never submitted");
    }
    Job job = jobs.get(number);
    return job == null ? gone(number) : job;
  }

  private static Job gone(long number) {
    Job job = new Job(number, TaskClass.FLEET, null, "task", null, null);
    job.stage = Job.Stage.GONE;
    job.ended = true;
    return job;
  }

  /** Forgets those that an input has ended for good. */
  void forget(@Nullable Job ended, List<Effect> effects) {
    if (ended != null && ended.ended && ended.stage == Job.Stage.GONE) {
      jobs.remove(ended.id);
    }
    for (Effect effect : effects) {
      if (effect instanceof Effect.Finish finish && finish.job().stage == Job.Stage.GONE) {
        jobs.remove(finish.job().id);
      }
    }
  }
}
