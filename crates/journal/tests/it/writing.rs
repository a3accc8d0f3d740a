use std::io::ErrorKind;

use trackline_journal::{Error, Reader, Record, Writer};

use crate::samples::{few, rest};

#[test]
fn several_records_are_appended_with_one_call() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    writer.append(&few()).unwrap();
    writer.append([]).unwrap();
    assert_eq!(rest(&mut Reader::open(writer.path()).unwrap()), few());
}

#[test]
fn an_existing_journal_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.new"), "someone's").unwrap();
    assert!(matches!(Writer::create(folder.path(), "a"), Err(Error::Io { .. })));
    assert_eq!(std::fs::read_to_string(folder.path().join("a.new")).unwrap(), "someone's");
}

#[test]
fn a_record_beyond_all_measure_is_refused_and_the_journal_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    let huge = Record::Series {
        number: 0,
        run_id: "r".to_owned(),
        key: "k".repeat(65 << 20),
        source: "user".to_owned(),
        confidence: None,
    };
    assert!(matches!(writer.append([&few()[0], &huge]), Err(Error::TooLong)));
    writer.append(&few()).unwrap();
    assert_eq!(rest(&mut Reader::open(writer.path()).unwrap()), few());
}

#[test]
fn a_file_system_that_takes_no_more_is_an_error_and_nothing_before_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let status = in_child(|| {
        let mut writer = Writer::create(folder.path(), "a").unwrap();
        limit_files_to(5_000);
        let mut kept = Vec::new();
        let error = loop {
            match writer.append(&few()) {
                Ok(()) => kept.extend(few()),
                Err(error) => break error,
            }
        };
        assert!(
            matches!(&error, Error::Io { source, .. } if source.kind() == ErrorKind::FileTooLarge),
            "{error}"
        );
        assert_eq!(std::fs::metadata(writer.path()).unwrap().len(), writer.end());
        let mut reader = Reader::open(writer.path()).unwrap();
        assert_eq!((rest(&mut reader), reader.torn_at()), (kept.clone(), None));

        limit_files_to(libc::RLIM_INFINITY);
        writer.append(&few()).unwrap();
        kept.extend(few());
        assert_eq!(rest(&mut Reader::open(writer.path()).unwrap()), kept);
    });
    assert_eq!(status, 0);
}

/// Files of this process may grow to so many bytes: writing beyond fails in the middle, as on a full disk.
#[allow(unsafe_code)]
fn limit_files_to(bytes: libc::rlim_t) {
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: a valid pointer; the signal that comes with the error is ignored.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &limit), 0);
    }
}

/// The exit status of a forked child that does `work`: limits are of whole processes.
#[allow(unsafe_code)]
fn in_child(work: impl FnOnce()) -> i32 {
    // SAFETY: glibc keeps its allocator usable in a child, which ends without returning into the test harness.
    unsafe {
        let pid = libc::fork();
        if pid == 0 {
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            libc::_exit(i32::from(ended.is_err()));
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(pid, &mut status, 0), pid);
        status
    }
}
