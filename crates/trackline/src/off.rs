//! Where nothing is recorded, a program may still ask for the runs that it believes to have.

use std::sync::{Mutex, PoisonError};

use trackline_journal::{Event, Record};

use crate::Error;
use crate::backend::Backend;

/// Events that are remembered at most: a program that starts runs for ever must not fill the memory.
const MOST: usize = 10_000;

/// That there are runs and models, and nothing of what is in them.
#[derive(Debug, Default)]
pub struct Skeleton(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    unread: Vec<Record>,
    read: u64,
}

impl Skeleton {
    /// Remembers the few events that make something which can be asked for.
    pub fn keep(&self, events: impl IntoIterator<Item = Event>) {
        let made = |event: &Event| {
            matches!(event, Event::RunStarted { .. } | Event::RunEnded { .. } | Event::ModelCreated { .. })
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST.saturating_sub(kept.unread.len());
        kept.unread.extend(events.into_iter().filter(made).take(room).map(Record::Event));
    }

    /// Puts what is remembered into the empty store that is about to be read.
    pub fn put_into(&self, backend: &Backend) -> Result<(), Error> {
        let Backend::Store(store) = backend else { return Ok(()) };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.read += kept.unread.len() as u64;
        let records = std::mem::take(&mut kept.unread);
        store.apply("off", kept.read, &records)?;
        Ok(())
    }
}
