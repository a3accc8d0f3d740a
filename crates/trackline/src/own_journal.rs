use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use trackline_journal::{Event, FORKED, Record, Writer};
use trackline_model::limits::{KeyKind, validate_key};
use trackline_model::{Invalid, Point};
use uuid::Uuid;

use crate::fork::ClosedInChild;
use crate::run::RunState;
use crate::{Error, Source, clock, demise, locate};

/// How far a journal of this process goes.
#[derive(Debug, Clone)]
pub struct Tail {
    /// Counts the journals of this process; with the offset it orders all that was appended.
    pub end: (u64, u64),
    pub id: String,
    pub path: PathBuf,
}

/// The journal that this process appends to, made when there is something to append.
///
/// Records are staged and then written together. What a reader needs to know before a record, the start of its
/// run and the number of its series, is staged with it, once per journal.
#[derive(Debug, Default)]
pub struct OwnJournal {
    // Declared before the writer: a descriptor is forgotten before it is closed.
    _closed_in_child: Option<ClosedInChild>,
    writer: Option<Writer>,
    id: String,
    epoch: u64,
    /// Why no journal could be made; not tried again before the next run.
    refused: Option<Error>,
    staged: Vec<Record>,
    introduced: HashSet<String>,
    series: HashMap<String, Vec<SeriesOfSource>>,
    next_series: u32,
}

#[derive(Debug)]
struct SeriesOfSource {
    source: Source,
    keys: HashMap<Box<str>, Series>,
}

#[derive(Debug)]
struct Series {
    number: u32,
    latest: Point,
}

impl OwnJournal {
    /// How far it goes, if there is one.
    pub fn tail(&self) -> Option<Tail> {
        let writer = self.writer.as_ref()?;
        let path = writer.path().to_owned();
        Some(Tail { end: (self.epoch, writer.end()), id: self.id.clone(), path })
    }

    /// Gives a folder that could not be written to another chance.
    pub fn try_again(&mut self) {
        self.refused = None;
    }

    /// Stages the start of a run, with all that it begins with.
    pub fn begin(&mut self, run_id: &str, start: Event) {
        self.introduced.insert(run_id.to_owned());
        self.stage(start);
        self.stage(Event::RunOpened { run_id: run_id.to_owned() });
    }

    /// Stages how a run began, unless only the store knows, and whether this process has it open; once.
    pub fn introduce(&mut self, run: &RunState) {
        if !self.introduced.insert(run.id.clone()) {
            return;
        }
        if let Some(start) = &run.start {
            self.stage(start.clone());
        }
        if run.is_open_here() {
            self.stage(Event::RunOpened { run_id: run.id.clone() });
        }
    }

    pub fn stage(&mut self, event: Event) {
        self.staged.push(Record::Event(event));
    }

    /// Stages a point of a run; nothing stays staged if its key breaks a rule.
    pub fn stage_point(
        &mut self,
        run: &RunState,
        source: &Source,
        key: &str,
        point: Point,
    ) -> Result<(), Invalid> {
        let series = match self.known(&run.id, source, key) {
            Some(series) => {
                series.latest = point;
                series.number
            }
            None => self.define(run, source, key, point).inspect_err(|_| self.forget())?,
        };
        self.staged.push(Record::Point { series, point });
        Ok(())
    }

    fn known(&mut self, run_id: &str, source: &Source, key: &str) -> Option<&mut Series> {
        self.series.get_mut(run_id)?.iter_mut().find(|known| known.source == *source)?.keys.get_mut(key)
    }

    /// The latest point of each metric of a run, of those that this journal has series of.
    pub fn latest(&self, run_id: &str) -> Vec<(String, Point)> {
        let known = self.series.get(run_id).into_iter().flatten().flat_map(|source| &source.keys);
        known.map(|(key, series)| (key.to_string(), series.latest)).collect()
    }

    fn define(&mut self, run: &RunState, source: &Source, key: &str, latest: Point) -> Result<u32, Invalid> {
        validate_key(KeyKind::Metric, key)?;
        self.introduce(run);
        let number = self.next_series;
        self.next_series = number.wrapping_add(1);
        self.staged.push(Record::Series {
            number,
            run_id: run.id.clone(),
            key: key.to_owned(),
            source: source.name.to_string(),
            confidence: source.confidence,
        });
        let sources = self.series.entry(run.id.clone()).or_default();
        let at = sources.iter().position(|known| known.source == *source).unwrap_or_else(|| {
            sources.push(SeriesOfSource { source: source.clone(), keys: HashMap::new() });
            sources.len() - 1
        });
        sources[at].keys.insert(key.into(), Series { number, latest });
        Ok(number)
    }

    /// Writes what is staged with one write; all of it is kept, or nothing.
    pub fn write(&mut self, folder: &Path, carried_by_others: bool) -> Result<(), Error> {
        let result = match self.make(folder, carried_by_others) {
            Ok(()) => match &mut self.writer {
                Some(writer) => writer.append(&self.staged).map_err(Error::from),
                None => Ok(()),
            },
            Err(error) => Err(error),
        };
        if result.is_err() {
            self.forget();
        }
        self.staged.clear();
        result
    }

    /// Makes the journal, if there is none.
    pub fn make(&mut self, folder: &Path, carried_by_others: bool) -> Result<(), Error> {
        if self.writer.is_some() {
            return Ok(());
        }
        if let Some(error) = &self.refused {
            return Err(error.clone());
        }
        let forked = if carried_by_others { FORKED } else { "" };
        let id = format!("{:012x}-{}{forked}", clock::now(), Uuid::new_v4().simple());
        let writer = locate::prepare(folder)
            .map_err(|error| Error::io(&format!("write to the store {}", folder.display()), &error))
            .and_then(|journals| Ok(Writer::create(&journals, &id)?))
            .inspect_err(|error| self.refused = Some(error.clone()))?;
        self._closed_in_child = Some(ClosedInChild::new(writer.file()));
        self.writer = Some(writer);
        self.staged.insert(0, Record::Event(Event::ProcessStarted(demise::observe())));
        self.id = id;
        self.epoch += 1;
        Ok(())
    }

    /// Forgets what was staged and all definitions: those among what was staged are in no journal.
    fn forget(&mut self) {
        self.staged.clear();
        self.introduced.clear();
        self.series.clear();
    }

    /// Frees what is kept for quick logging to a run; a handle that logs later defines its series again.
    pub fn release(&mut self, run_id: &str) {
        self.series.remove(run_id);
    }

    /// Closes the journal. The next append makes another one.
    pub fn close(&mut self) -> Option<Writer> {
        self.forget();
        self.next_series = 0;
        self._closed_in_child = None;
        self.writer.take()
    }

    /// Closes and removes the journal, which must have been carried whole.
    pub fn remove(&mut self) -> Result<(), Error> {
        self.close().map_or(Ok(()), |writer| writer.remove().map_err(Error::from))
    }
}
