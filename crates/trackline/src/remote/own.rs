//! A Trackline server, which takes journals as they are and counts how far it has each.

use std::fs::File;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use trackline_journal::{Reader, read_frames};
use trackline_model::Exit;
use ureq::http::Method;

use super::spool::digest_in;
use super::{Failure, Server};
use crate::problems::Problems;
use crate::sink::{Batch, left_out};
use crate::{Error, ErrorKind};

#[derive(Deserialize)]
struct Drained {
    drained: u64,
    #[serde(default)]
    skipped: Vec<Skipped>,
}

#[derive(Deserialize)]
struct Skipped {
    owner: String,
    reason: String,
}

impl Server {
    pub(super) fn begin_own(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error> {
        let answer = self.http.json(Method::GET, &path(journal_id), None)?;
        reader.seek(self.read(answer)?.drained);
        Ok(())
    }

    pub(super) fn take_own(&self, batch: &Batch<'_>, problems: &Problems) -> Result<(), Error> {
        for digest in batch.records.iter().filter_map(digest_in) {
            self.send_blob(digest, problems)?;
        }
        let frames = batch.reader.frames(batch.from, batch.upto)?;
        self.send_frames(batch.journal_id, batch.from, &frames, problems)
    }

    /// Sends whole frames: together, or in halves where something on the way finds them too large.
    fn send_frames(
        &self,
        journal_id: &str,
        from: u64,
        frames: &[u8],
        problems: &Problems,
    ) -> Result<(), Error> {
        let path = format!("{}?from={from}", path(journal_id));
        let answer = match self.http.bytes(Method::POST, &path, frames) {
            Err(Failure::Refused(refusal)) if refusal.status == 413 => match middle(frames)? {
                Some(middle) => {
                    let (first, second) = frames.split_at(middle);
                    self.send_frames(journal_id, from, first, problems)?;
                    return self.send_frames(journal_id, from + middle as u64, second, problems);
                }
                None => return Err(Failure::Refused(refusal).into()),
            },
            answer => answer?,
        };
        let (drained, upto) = (self.read(answer)?, from + frames.len() as u64);
        for skipped in drained.skipped {
            problems.note(left_out(&skipped.owner, &skipped.reason));
        }
        if drained.drained < upto {
            let message = format!(
                "{} has only {} bytes of the journal {}: it is sent again from there",
                self.http.url(),
                drained.drained,
                journal_id
            );
            return Err(Error::new(ErrorKind::Unreachable, message));
        }
        Ok(())
    }

    /// The process of a journal is gone: the runs that it had open end with it.
    pub(super) fn end_process_own(&self, journal_id: &str, time: i64, exit: &Exit) -> Result<(), Error> {
        let body = json!({"time": time, "kind": exit.kind, "reason": exit.reason});
        self.told(self.http.json(Method::POST, &format!("{}/end", path(journal_id)), Some(&body)))
    }

    /// The process of a journal lives.
    pub(super) fn hear_from_own(&self, journal_id: &str, lease: Duration) -> Result<(), Error> {
        let path = format!("{}/alive?lease={}", path(journal_id), lease.as_secs().max(1));
        self.told(self.http.json(Method::POST, &path, None))
    }

    /// Nothing more comes of a journal. The server goes on counting it: a request that was given up may still arrive.
    pub(super) fn close_own(&self, journal_id: &str) -> Result<(), Error> {
        self.told(self.http.json(Method::POST, &format!("{}/close", path(journal_id)), None))
    }

    /// An older server does not know all of these calls, and does without.
    fn told(&self, answer: Result<Value, Failure>) -> Result<(), Error> {
        match answer {
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(Failure::Trouble(error)) => Err(error),
        }
    }

    /// The bytes go before the records that name them, and only where they are missing.
    fn send_blob(&self, digest: &str, problems: &Problems) -> Result<(), Error> {
        let path = format!("/api/trackline/blobs/{digest}");
        if self.http.has(&path)? {
            return Ok(());
        }
        let opened = self.blobs.path(digest).map(File::open);
        let Some(Ok(file)) = opened else {
            problems.note(left_out("a file", &format!("its bytes, {digest}, are no longer in the spool")));
            return Ok(());
        };
        let size = file.metadata().map_err(|error| Error::io("read the size of a blob", &error))?.len();
        match self.http.upload(&path, file, size) {
            Err(Failure::Refused(refusal)) => {
                problems.note(left_out("a file", &refusal.message));
                Ok(())
            }
            sent => Ok(sent?),
        }
    }

    fn read(&self, answer: Value) -> Result<Drained, Error> {
        serde_json::from_value(answer).map_err(|_| {
            let message =
                format!("{} gives answers that are not those of a Trackline server", self.http.url());
            Error::new(ErrorKind::Unreachable, message)
        })
    }
}

/// Where a frame begins in the middle of others; none if there is only one.
fn middle(frames: &[u8]) -> Result<Option<usize>, Error> {
    let ends = read_frames(frames, 0)?.into_iter().filter_map(|(end, _)| usize::try_from(end).ok());
    let inner: Vec<usize> = ends.filter(|end| *end < frames.len()).collect();
    Ok(inner.iter().find(|end| **end >= frames.len() / 2).or(inner.last()).copied())
}

fn path(journal_id: &str) -> String {
    format!("/api/trackline/journals/{journal_id}")
}
