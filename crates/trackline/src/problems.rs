use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::{Error, ErrorKind};

/// Trouble of our own that no call may raise: kept for whoever tells the user, once per kind.
#[derive(Debug, Default)]
pub struct Problems {
    seen: Mutex<(HashSet<ErrorKind>, VecDeque<Error>)>,
}

impl Problems {
    pub fn note(&self, error: Error) {
        let (kinds, untold) = &mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.insert(error.kind) {
            untold.push_back(error);
        }
    }

    /// Trouble of this kind is over: if nobody was told of it, nobody needs to be.
    pub fn settle(&self, kind: ErrorKind) {
        let (kinds, untold) = &mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = untold.len();
        untold.retain(|error| error.kind != kind);
        if untold.len() < before {
            kinds.remove(&kind);
        }
    }

    pub fn take(&self) -> Option<Error> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).1.pop_front()
    }
}
