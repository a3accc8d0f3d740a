//! Logging to a Trackline server, through everything that may happen to it.

use std::path::PathBuf;
use std::time::Duration;

use trackline::{Error, ErrorKind, RunStatus};

use crate::child::fork;
use crate::samples::{trial, wait_for};
use crate::servers::{Trouble, bad_server, client, free_port, serve};
use crate::sessions::{LONG, assert_whole, log_steps, served, spooled, steps, whole_run};

#[test]
fn a_run_reaches_the_server_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let run_id = whole_run(folder.path(), port).finish().remove(0);
    server.kill_only();
    assert_whole(&served(folder.path()), &run_id);
    assert_eq!(spooled(folder.path(), "journals"), [] as [PathBuf; 0]);
    assert_eq!(spooled(folder.path(), "blobs"), [] as [PathBuf; 0]);
}

#[test]
fn what_was_logged_without_a_server_is_sent_by_the_next_process() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let said = client(folder.path(), port, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..3_000);
        run.log_bytes(b"weights", "model/weights.bin").unwrap();
        run.end(RunStatus::Finished, None);
        say.line(run.id());
        let left = tracker.shutdown(RunStatus::Finished, Duration::from_millis(500)).unwrap_err();
        say.line(format_args!("{:?}", left.kind));
        say.line(left.message.contains("journals"));
    })
    .finish();
    assert_eq!(said[1..], ["TimedOut", "true"]);
    assert_eq!(spooled(folder.path(), "journals").len(), 1);

    let (server, port) = serve(folder.path(), port);
    let other = whole_run(folder.path(), port).finish().remove(0);
    server.kill_only();
    let store = served(folder.path());
    assert_whole(&store, &said[0]);
    assert_whole(&store, &other);
    assert_eq!(spooled(folder.path(), "journals"), [] as [PathBuf; 0]);
}

#[test]
fn a_server_may_die_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut logging = client(folder.path(), port, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..1_000);
        tracker.flush().unwrap();
        say.line(run.id());
        // Goes on when the server has been killed.
        std::io::Read::read_exact(&mut &reader, &mut [0]).unwrap();
        log_steps(&run, 1_000..2_000);
        say.line(format_args!("{:?}", tracker.flush().unwrap_err().kind));
        log_steps(&run, 2_000..3_000);
        run.log_bytes(b"weights", "model/weights.bin").unwrap();
        run.end(RunStatus::Finished, None);
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    });
    let run_id = logging.line().unwrap();
    server.kill();
    std::io::Write::write_all(&mut writer, b"!").unwrap();
    assert_eq!(logging.line().unwrap(), "Unreachable");
    let (server, _) = serve(folder.path(), port);
    logging.finish();
    server.kill_only();
    assert_whole(&served(folder.path()), &run_id);
}

#[test]
fn a_killed_process_is_continued_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let mut killed = client(folder.path(), port, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        say.line(run.id());
        for step in 0.. {
            run.log_metric("loss", 0.5, step, None).unwrap();
            say.line(step);
        }
    });
    let run_id = killed.line().unwrap();
    let mut said: Vec<String> = (0..20_000).map(|_| killed.line().unwrap()).collect();
    said.extend(killed.kill());
    let last: i64 = said.last().unwrap().parse().unwrap();
    whole_run(folder.path(), port).finish();
    server.kill_only();
    let store = served(folder.path());
    assert_eq!(store.get_run(&run_id).unwrap().info.status, RunStatus::Killed);
    let found = steps(&store, &run_id);
    assert!([last + 1, last + 2].contains(&(found.len() as i64)), "{} of {last}", found.len());
    assert_eq!(found, (0..found.len() as i64).collect::<Vec<_>>());
}

#[test]
fn no_answer_of_a_server_makes_a_record_count_twice_or_not_at_all() {
    let troubles = [
        Trouble::Status(500),
        Trouble::Status(429),
        Trouble::Busy(1),
        Trouble::Garbage,
        Trouble::WebPage,
        Trouble::HangUp,
        Trouble::LoseAnswer,
        Trouble::Dawdle,
    ];
    for trouble in troubles {
        let folder = tempfile::tempdir().unwrap();
        let (server, port) = serve(folder.path(), 0);
        let bad = bad_server(port, vec![trouble; 3]);
        let run_id = whole_run(folder.path(), bad).finish().remove(0);
        server.kill_only();
        assert_whole(&served(folder.path()), &run_id);
    }
}

#[test]
fn what_a_server_does_not_answer_is_told_and_keeps_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let bad = bad_server(free_port(), vec![Trouble::Status(401); 1_000]);
    let said = client(folder.path(), bad, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..10);
        let told = tracker.shutdown(RunStatus::Finished, Duration::from_secs(1_000_000)).unwrap_err();
        say.line(told.kind == ErrorKind::Denied && told.message.contains("password"));
    })
    .finish();
    assert_eq!(said, ["true"]);
    assert_eq!(spooled(folder.path(), "journals").len(), 1);
}

#[test]
fn a_server_that_says_nothing_does_not_keep_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let silent = bad_server(free_port(), vec![Trouble::Silence; 100]);
    let said = client(folder.path(), silent, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..10);
        let told = tracker.shutdown(RunStatus::Finished, Duration::from_millis(300)).unwrap_err();
        say.line(format_args!("{:?}", told.kind));
    })
    .finish();
    assert_eq!(said, ["TimedOut"]);
    assert_eq!(spooled(folder.path(), "journals").len(), 1);
}

#[test]
fn a_server_that_asks_for_peace_gets_it() {
    for trouble in [Trouble::Busy(3_600), Trouble::BusyUntil] {
        let folder = tempfile::tempdir().unwrap();
        let (server, port) = serve(folder.path(), 0);
        // It would take everything from the second request on.
        let busy = bad_server(port, vec![trouble]);
        let said = client(folder.path(), busy, |tracker, say| {
            let run = tracker.start_run(trial()).unwrap();
            log_steps(&run, 0..10);
            let asks = |told: &Error| told.message.contains("seconds of peace");
            wait_for(|| tracker.flush_within(Duration::from_millis(500)).err().filter(asks));
            say.line(asks(&tracker.shutdown(RunStatus::Finished, Duration::from_millis(500)).unwrap_err()));
        })
        .finish();
        server.kill_only();
        assert_eq!(said, ["true"]);
        assert_eq!(spooled(folder.path(), "journals").len(), 1);
    }
}

#[test]
fn a_forked_child_sends_its_own_journal() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let run_id = client(folder.path(), port, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..100);
        tracker.flush().unwrap();
        let child = fork(|said| {
            log_steps(&run, 100..200);
            tracker.flush().unwrap();
            log_steps(&run, 200..300);
            said.line(tracker.backend().unwrap().history(run.id(), "loss").unwrap().len());
            log_steps(&run, 300..400);
        });
        assert_eq!(child.finish(), ["300"]);
        log_steps(&run, 400..500);
        say.line(run.id());
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    })
    .finish()
    .remove(0);
    server.kill_only();
    let store = served(folder.path());
    assert_eq!(steps(&store, &run_id), (0..500).collect::<Vec<_>>());
    assert_eq!(store.get_run(&run_id).unwrap().info.status, RunStatus::Finished);
    assert_eq!(spooled(folder.path(), "journals"), [] as [PathBuf; 0]);
}

#[test]
fn what_is_too_large_for_a_proxy_goes_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let narrow = bad_server(port, vec![Trouble::Narrow; 1_000]);
    let run_id = whole_run(folder.path(), narrow).finish().remove(0);
    server.kill_only();
    assert_whole(&served(folder.path()), &run_id);
}
