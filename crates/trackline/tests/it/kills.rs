use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use trackline::{RunStatus, Tracker};

use crate::child::{Say, fork};
use crate::samples::{journals, steps, tracker, trial, wait_for};

/// Logs for ever, and says each step once its call has returned.
fn log_for_ever(tracker: &Tracker, say: &mut Say) {
    let run = tracker.start_run(trial()).unwrap();
    say.line(run.id());
    for step in 0.. {
        run.log_metric("loss", 0.5, step, None).unwrap();
        say.line(step);
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_exactly_once() {
    let folders = [0, 1, 500, 5_000].map(|calls| (calls, tempfile::tempdir().unwrap()));
    let children = folders.map(|(calls, folder)| {
        let child = fork(|say| log_for_ever(&tracker(folder.path()), say));
        (calls, folder, child)
    });
    for (acknowledged, folder, mut child) in children {
        let path = folder.path();
        let run_id = child.line().unwrap();
        for _ in 0..acknowledged {
            child.line().unwrap();
        }
        let last = child.kill().last().map_or(acknowledged - 1, |step| step.parse().unwrap());

        let tracker = tracker(path);
        let found = steps(&tracker, &run_id, "loss");
        // The last call may have been cut off before it could say so.
        assert!([last + 1, last + 2].contains(&(found.len() as i64)), "{} of {last}", found.len());
        assert_eq!(found, (0..found.len() as i64).collect::<Vec<_>>());
        assert_eq!(journals(&tracker), 0);
        assert_eq!(steps(&tracker, &run_id, "loss"), found);
    }
}

/// Memory that a child shares with its parent, so that what it says costs no call of the kernel.
struct Shared(*mut AtomicI64);

impl Shared {
    #[allow(unsafe_code)]
    fn new() -> Self {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: new memory where the kernel wants it, as long as the test.
        let address = unsafe { libc::mmap(std::ptr::null_mut(), 8, access, kind, -1, 0) };
        assert_ne!(address, libc::MAP_FAILED);
        Self(address.cast())
    }

    #[allow(unsafe_code)]
    fn count(&self) -> &AtomicI64 {
        // SAFETY: mapped above, aligned with the page, and zeros are a value of it.
        unsafe { &*self.0 }
    }
}

/// Kills a process that logs as fast as it can, some microseconds after its first calls; how many calls had returned, and
/// how many of them are in the store.
fn kill_while_logging(pause: Duration) -> (i64, Vec<i64>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let returned = Shared::new();
    let mut child = fork(|say| {
        let run = tracker(path).start_run(trial()).unwrap();
        say.line(run.id());
        for step in 0.. {
            run.log_metric("loss", 0.5, step, None).unwrap();
            returned.count().store(step + 1, Ordering::Release);
        }
    });
    let run_id = child.line().unwrap();
    std::thread::sleep(pause);
    child.kill();
    let tracker = tracker(path);
    // A `git` that was about to be started may hold the lock of the journal for a moment more.
    wait_for(|| {
        let run = tracker.store().unwrap().get_run(&run_id);
        run.ok().filter(|run| run.info.status == RunStatus::Killed)
    });
    (returned.count().load(Ordering::Acquire), steps(&tracker, &run_id, "loss"))
}

/// As many kills as `KILLS` says, 30 if it says nothing.
#[test]
fn soak_no_call_that_returned_is_lost_whenever_the_process_is_killed() {
    let kills: u64 = std::env::var("KILLS").map_or(30, |text| text.parse().unwrap());
    for number in 0..kills {
        // Spread over the first two hundred milliseconds: the first extents, the drain at work and at rest.
        let pause = Duration::from_micros(number * 7919 % 200_000 / (1 + number % 7));
        let (returned, found) = kill_while_logging(pause);
        let kept = found.len() as i64;
        assert!(kept == returned || kept == returned + 1, "{kept} of {returned}, killed after {pause:?}");
        assert_eq!(found, (0..kept).collect::<Vec<_>>());
    }
}

#[test]
fn processes_log_to_one_store_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let work = |say: &mut Say| {
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        for step in 0..1_000 {
            run.log_metric("loss", 0.5, step, None).unwrap();
        }
        run.end(RunStatus::Finished, None);
        tracker.flush().unwrap();
        say.line(run.id());
    };
    let children: Vec<_> = (0..32).map(|_| fork(work)).collect();
    let ids: Vec<_> = children.into_iter().map(|child| child.finish().remove(0)).collect();
    let tracker = tracker(path);
    for id in ids {
        assert_eq!(steps(&tracker, &id, "loss"), (0..1_000).collect::<Vec<_>>());
        assert_eq!(tracker.store().unwrap().get_run(&id).unwrap().info.status, RunStatus::Finished);
    }
}
