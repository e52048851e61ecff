package dev.twoqueue.internal;

import dev.twoqueue.Evictor;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.OutsidePermits;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.internal.Plugins.NoAnswer;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Job;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Carries out what the engine decided. None of it blocks the calling thread. */
final class Effects {
  private final DefaultScheduler scheduler;
  private final SchedulerSettings settings;
  private final Executor callbacks;
  private final @Nullable OwnThreads own;
  private final Plugins plugins;
  private final Looks looks;
  private final Watches watches;
  private final Map<Long, CompletionStage<?>> askedOutside = new ConcurrentHashMap<>();

  Effects(
      DefaultScheduler scheduler,
      SchedulerSettings settings,
      Executor callbacks,
      @Nullable OwnThreads own,
      Plugins plugins,
      Looks looks,
      Watches watches) {
    this.scheduler = scheduler;
    this.settings = settings;
    this.callbacks = callbacks;
    this.plugins = plugins;
    this.looks = looks;
    this.watches = watches;
    this.own = own;
  }

  void carryOut(Effect effect) {
    if (effect instanceof Effect.Start start) {
      start(entry(start.job()), start.swap());
    } else if (effect instanceof Effect.Finish finish) {
      entry(finish.job()).complete(finish.outcome());
    } else if (effect instanceof Effect.Resume resume) {
      watches.began(entry(resume.job()));
      entry(resume.job()).resume(resume.failure());
    } else if (effect instanceof Effect.Tell tell) {
      entry(tell.job()).body(callbacks).tell(tell.reason());
    } else if (effect instanceof Effect.Look look) {
      look(look);
    } else if (effect instanceof Effect.Observe observe) {
      observe(observe);
    } else if (effect instanceof Effect.Evict evict) {
      evict(evict);
    } else if (effect instanceof Effect.LookAtFleet look) {
      lookAtFleet(look);
    } else if (effect instanceof Effect.AskPermit ask) {
      askOutside(ask);
    } else if (effect instanceof Effect.WithdrawPermit withdraw) {
      withdraw(withdraw.token());
    } else if (effect instanceof Effect.Release release) {
      release(release.lease());
    } else if (effect instanceof Effect.FailJoin fail) {
      entry(fail.job()).failJoin(fail.failure());
    }
  }

  private static Entry<?> entry(Job job) {
    return (Entry<?>) job;
  }

  private <T extends @Nullable Object> void start(Entry<T> entry, boolean swap) {
    entry.begins(swap);
    watches.began(entry);
    BodyRun<T> body = entry.body(callbacks);
    boolean taken =
        own != null
            ? Guard.execute(own::goOn, "a body", body)
            // An executor of the host's may run what it is given at once, or block.
            : Guard.execute(callbacks, "handing a body over", () -> handOver(body));
    if (!taken) {
      body.failedToRun("no thread could be had for the body, see the log");
    }
  }

  private void handOver(BodyRun<?> body) {
    try {
      settings.executor().orElseThrow().execute(body);
    } catch (Throwable thrown) {
      body.failedToRun("the executor did not take the body: " + thrown);
    }
  }

  private void observe(Effect.Observe observe) {
    ResidencyProbe probe = settings.probe().orElseThrow();
    plugins.<ProbeNotes.Seen>ask(
        "the residency probe",
        settings.lookTimeout(),
        () -> ProbeNotes.ask(probe),
        late -> {},
        (seen, none) ->
            scheduler.observed(
                observe,
                seen != null ? seen.residency() : Residency.unknown(NoAnswer.reason(none)),
                seen != null ? seen.notes() : Optional.empty()));
  }

  private void look(Effect.Look look) {
    looks.look(
        entry(look.job()).localTask().orElseThrow(),
        look.stage(),
        look.residency(),
        look.reclaimableBytes(),
        settings.gates(),
        () -> scheduler.wants(look.token()),
        result -> scheduler.looked(look, result));
  }

  private void lookAtFleet(Effect.LookAtFleet look) {
    looks.ask(
        entry(look.head()).task(),
        GateRequest.Stage.FLEET,
        settings.fleetGates(),
        result ->
            scheduler.tell((to, now) -> to.fleetVerdict(look.token(), result.verdict(), now)));
  }

  private void evict(Effect.Evict evict) {
    Evictor evictor = settings.evictor().orElseThrow();
    plugins.<Boolean>ask(
        "the evictor",
        settings.evictionTimeout(),
        () -> {
          evictor.evict(evict.resident());
          return true;
        },
        late -> {},
        (did, none) -> scheduler.evicted(evict, none == null ? null : NoAnswer.reason(none)));
  }

  private void askOutside(Effect.AskPermit ask) {
    OutsidePermits permits = settings.outsidePermits().orElseThrow();
    Job job = ask.job();
    plugins.<CompletionStage<? extends Lease>>ask(
        "the source of outside permits",
        settings.lookTimeout(),
        () -> permits.acquire(job.taskClass(), job.name()),
        late -> late.whenComplete((lease, failure) -> giveBack(lease)),
        (stage, none) -> {
          if (stage == null) {
            refused(ask.token(), NoAnswer.reason(none));
          } else {
            waitFor(stage, ask.token());
          }
        });
  }

  private void waitFor(CompletionStage<? extends Lease> stage, long token) {
    askedOutside.put(token, stage);
    try {
      stage.whenComplete((lease, failure) -> answered(token, lease, failure));
    } catch (Throwable thrown) {
      answered(token, null, thrown);
    }
    // The engine may have withdrawn while the question was still on its way.
    if (!scheduler.wants(token)) {
      withdraw(token);
    }
  }

  private void answered(long token, @Nullable Lease lease, @Nullable Throwable failure) {
    askedOutside.remove(token);
    if (lease != null) {
      scheduler.tell((to, now) -> to.permitGranted(token, lease, now));
    } else {
      refused(token, failure == null ? "null was granted" : failure.toString());
    }
  }

  private void refused(long token, String why) {
    scheduler.tell((to, now) -> to.permitRefused(token, why, now));
  }

  private void withdraw(long token) {
    CompletionStage<?> stage = askedOutside.remove(token);
    if (stage != null) {
      // A stage need not be a future: one that is not is left alone, and its permit given back.
      String what = "withdrawing from outside permits";
      Runnable cancel = () -> stage.toCompletableFuture().cancel(false);
      Guard.execute(callbacks, what, () -> Guard.run(what, cancel));
    }
  }

  private void release(Lease lease) {
    plugins.run("giving a lease back", lease::close);
  }

  private void giveBack(@Nullable Lease lease) {
    if (lease != null) {
      release(lease);
    }
  }
}
