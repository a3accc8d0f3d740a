//! Which threads read the variables of the environment, which the program may be changing.

use std::ffi::{CStr, c_char};
use std::sync::Mutex;
use std::time::Duration;
use std::{env, thread};

use trackline::{Interpreter, Picture, RunStatus, Tracker};

use crate::samples::{tracker, trial};
use crate::servers::{client, free_port};

/// What threads of ours have read one by one.
static READ: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// SQLite asks itself where temporary files go.
const OF_SQLITE: [&str; 2] = ["SQLITE_TMPDIR", "TMPDIR"];

/// In the place of the C library's: every reader of this program comes by.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
unsafe extern "C" fn getenv(name: *const c_char) -> *mut c_char {
    unsafe extern "C" {
        fn secure_getenv(name: *const c_char) -> *mut c_char;
    }
    // SAFETY: the caller's word for its own pointer, as in the C library; a name of a thread has 16 bytes at most.
    unsafe {
        let mut thread: [c_char; 16] = [0; 16];
        libc::prctl(libc::PR_GET_NAME, thread.as_mut_ptr());
        let name_of_thread = CStr::from_ptr(thread.as_ptr()).to_string_lossy();
        let name_of_variable = CStr::from_ptr(name).to_string_lossy();
        if name_of_thread.starts_with("trackline") && !OF_SQLITE.contains(&&*name_of_variable) {
            READ.lock().unwrap().push(format!("{name_of_variable} by {name_of_thread}"));
        }
        secure_getenv(name)
    }
}

fn record(tracker: &Tracker) {
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("loss", 0.5, 0, None).unwrap();
    run.log_system_metrics(Some(true), 0);
    let interpreter = Interpreter { program: "/bin/true".into(), arguments: Vec::new() };
    run.log_picture(&Picture::drawn_by(interpreter, Vec::new()), "a.png").unwrap();
    run.end(RunStatus::Finished, None);
    drop(tracker.shutdown(RunStatus::Finished, Duration::from_secs(2)));
}

fn read() -> Vec<String> {
    READ.lock().unwrap().clone()
}

#[test]
fn they_are_read_on_threads_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    record(&tracker(folder.path()));
    assert_eq!(read(), [""; 0]);
    // Nobody answers there.
    let said = client(folder.path(), free_port(), |tracker, say| {
        record(tracker);
        read().into_iter().for_each(|read| say.line(read));
        say.line("recorded");
    });
    assert_eq!(said.finish(), ["recorded"]);

    let ours = thread::Builder::new().name("trackline-other".to_owned());
    drop(ours.spawn(|| drop(env::var("HOME"))).unwrap().join());
    assert_eq!(read(), ["HOME by trackline-other"], "they are looked at");
}
