use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use trackline_journal::{Event, FORKED, Frames, Record, Writer};
use trackline_model::limits::{KeyKind, validate_key};
use trackline_model::{Invalid, Point, Tag};
use uuid::Uuid;

use crate::explicit::Explicit;
use crate::fork::ClosedInChild;
use crate::part::Part;
use crate::quota::Quota;
use crate::run::RunState;
use crate::series::Known;
use crate::{Error, ErrorKind, Source, clock, demise, locate};

/// How far a journal of this process goes.
#[derive(Debug, Clone)]
pub struct Tail {
    /// Counts the journals of this process; with the offset it orders all that was appended.
    pub end: (u64, u64),
    pub id: String,
    pub path: PathBuf,
    /// Nothing will be appended any more.
    pub is_full: bool,
}

/// The journal that this process appends to, made when there is something to append, and those that became long before
/// the drain had carried them.
///
/// Records are staged and then written together. What a reader needs to know before a record, the start of its
/// run and the number of its series, is staged with it, once per journal.
#[derive(Debug)]
pub struct OwnJournal {
    current: Option<File>,
    full: VecDeque<File>,
    quota: Quota,
    epoch: u64,
    /// In the id of the latest one: ids are in the order of the journals, wherever the clock goes.
    created: i64,
    /// Why no journal could be made; not tried again before the next run.
    refused: Option<Error>,
    staged: Frames,
    /// Why not all that was to be written is staged.
    trouble: Option<Error>,
    known: Known,
    /// Runs of which points were left out for want of space.
    shed: HashSet<u64>,
    explicit: Explicit,
    /// A run has ended, and that could not be written.
    owes_an_end: bool,
}

#[derive(Debug)]
struct File {
    // Declared before the writer: a descriptor is forgotten before it is closed.
    _closed_in_child: ClosedInChild,
    writer: Writer,
    id: String,
    epoch: u64,
}

impl File {
    fn tail(&self, is_full: bool) -> Tail {
        let path = self.writer.path().to_owned();
        Tail { end: (self.epoch, self.writer.end()), id: self.id.clone(), path, is_full }
    }
}

impl Default for OwnJournal {
    fn default() -> Self {
        Self {
            current: None,
            full: VecDeque::new(),
            quota: Quota::from_environment(),
            epoch: 0,
            created: 0,
            refused: None,
            staged: Frames::default(),
            trouble: None,
            known: Known::default(),
            shed: HashSet::new(),
            explicit: Explicit::default(),
            owes_an_end: false,
        }
    }
}

impl OwnJournal {
    /// How far all of it goes, if there is anything.
    pub fn tail(&self) -> Option<Tail> {
        self.current.as_ref().map(|file| file.tail(false))
    }

    /// The first journal of which something is beyond `taken`.
    pub fn beyond(&self, taken: (u64, u64)) -> Option<Tail> {
        self.tails().find(|tail| tail.end > taken)
    }

    /// How many bytes are beyond `taken`, in all journals.
    pub fn left(&self, taken: (u64, u64)) -> u64 {
        let left = self.tails().filter(|tail| tail.end > taken).map(|tail| match tail.end {
            (epoch, end) if epoch == taken.0 => end - taken.1,
            (_, end) => end,
        });
        left.sum()
    }

    fn tails(&self) -> impl Iterator<Item = Tail> {
        self.full.iter().map(|file| file.tail(true)).chain(self.tail())
    }

    /// Gives a folder that could not be written to another chance.
    pub fn try_again(&mut self) {
        self.refused = None;
    }

    /// Stages the start of a run, with all that it begins with.
    pub fn begin(&mut self, run_id: &str, start: Event) {
        self.known.add_run(run_id);
        self.stage(start);
        self.stage(Event::RunOpened { run_id: run_id.to_owned() });
    }

    /// Stages how a run began, unless only the store knows, and whether this process has it open; once.
    pub fn introduce(&mut self, run: &RunState) {
        if !self.known.add_run(&run.id) {
            return;
        }
        if let Some(start) = &run.start {
            self.stage(start.clone());
        }
        if run.is_open_here() {
            self.stage_part(run);
        }
    }

    /// Stages what this process has to do with a run, for who finds it gone.
    pub fn stage_part(&mut self, run: &RunState) {
        let run_id = run.id.clone();
        match run.part() {
            Part::Whole if run.joined => self.stage(Event::RunJoined { run_id }),
            Part::Whole => self.stage(Event::RunOpened { run_id }),
            Part::Rank(rank) => self.stage(Event::RunAttended { run_id, rank }),
            Part::Nothing => {}
        }
    }

    /// Stages an event, unless it comes from a hook and the user has logged the same.
    pub fn stage(&mut self, mut event: Event) {
        if self.explicit.admit(&mut event) {
            self.stage_record(&Record::Event(event));
        }
    }

    fn stage_record(&mut self, record: &Record) {
        if let Err(error) = self.staged.push(record) {
            self.trouble = Some(error.into());
        }
    }

    /// Stages a point of a run, unless it comes from a hook and the user logs this metric; nothing stays staged if
    /// its key breaks a rule.
    pub fn stage_point(
        &mut self,
        run: &RunState,
        source: &Source,
        key: &str,
        point: &Point,
    ) -> Result<(), Invalid> {
        if *source != Source::USER && self.explicit.has_metric(&run.id, key) {
            return Ok(());
        }
        let series = match self.known.number(run, source, key, point) {
            Some(number) => number,
            None => self.define(run, source, key, point).inspect_err(|_| self.forget())?,
        };
        if Quota::sheds(self.full.len(), source) {
            self.leave_out(run);
        } else {
            self.staged.push_point(series, point);
        }
        Ok(())
    }

    /// The latest point of each metric that was logged to a run here.
    pub fn latest(&self, run: &RunState) -> Vec<(String, Point)> {
        self.known.latest(run)
    }

    /// The last three values of each, or fewer, in the order in which they came.
    pub fn recent(&self, run: &RunState) -> Vec<(String, Vec<f64>)> {
        self.known.recent(run)
    }

    fn define(&mut self, run: &RunState, source: &Source, key: &str, point: &Point) -> Result<u32, Invalid> {
        validate_key(KeyKind::Metric, key)?;
        self.introduce(run);
        if *source == Source::USER {
            self.explicit.add_metric(&run.id, key);
        }
        let number = self.known.add(run, source, key, point);
        self.stage_record(&Record::Series {
            number,
            run_id: run.id.clone(),
            key: key.to_owned(),
            source: source.name.to_string(),
            confidence: source.confidence,
        });
        Ok(number)
    }

    /// Says, once per run, that points are left out.
    fn leave_out(&mut self, run: &RunState) {
        if !self.shed.insert(run.number) {
            return;
        }
        let reason = format!(
            "what waits takes most of the {} MB that journals may take: until it is gone, {} left out",
            self.quota.megabytes(),
            Quota::shed(self.full.len())
        );
        let tag = Tag { key: "trackline.failure.journal".to_owned(), value: reason.clone() };
        self.stage(Event::Tags { run_id: run.id.clone(), tags: vec![tag], source: "trackline".to_owned() });
        let advice = "see that the store or the server can be reached, or set TRACKLINE_JOURNAL_MB";
        self.trouble = Some(Error::new(ErrorKind::Quota, format!("{reason}; {advice}")));
    }

    /// Writes what is staged with one write; all of it is kept, or nothing.
    ///
    /// # Errors
    /// Why nothing was kept, or not everything was staged.
    pub fn write(&mut self, folder: &Path, carried_by_others: bool) -> Result<(), Error> {
        let result = match self.make(folder, carried_by_others) {
            Ok(()) => match &mut self.current {
                Some(file) => file.writer.append_frames(&self.staged).map_err(Error::from),
                None => Ok(()),
            },
            Err(error) => Err(error),
        };
        if result.is_err() {
            self.forget();
        }
        self.staged.clear();
        match self.trouble.take() {
            Some(trouble) => result.and(Err(trouble)),
            None => result,
        }
    }

    /// Stages events of a run and writes them.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn append(
        &mut self,
        run: &RunState,
        events: &[Event],
        folder: &Path,
        carried_by_others: bool,
    ) -> Result<(), Error> {
        self.introduce(run);
        events.iter().cloned().for_each(|event| self.stage(event));
        self.write(folder, carried_by_others)
    }

    /// That a run has ended could not be written.
    pub fn owe_an_end(&mut self) {
        self.owes_an_end = true;
    }

    /// Whether the journal must stay, for somebody to find that this process is gone.
    pub fn owes_an_end(&self) -> bool {
        self.owes_an_end
    }

    /// Makes the journal, if there is none.
    pub fn make(&mut self, folder: &Path, carried_by_others: bool) -> Result<(), Error> {
        if self.current.is_some() {
            return Ok(());
        }
        if let Some(error) = &self.refused {
            return Err(error.clone());
        }
        let made = self.create(folder, carried_by_others);
        self.current = Some(made.inspect_err(|error| self.refused = Some(error.clone()))?);
        Ok(())
    }

    fn create(&mut self, folder: &Path, carried_by_others: bool) -> Result<File, Error> {
        let forked = if carried_by_others { FORKED } else { "" };
        let created = clock::now().max(self.created + 1);
        let id = format!("{created:012x}-{}{forked}", Uuid::new_v4().simple());
        let journals = locate::prepare(folder)
            .map_err(|error| Error::io(&format!("write to the store {}", folder.display()), &error))?;
        let mut writer = Writer::create(&journals, &id)?;
        let closed_in_child = ClosedInChild::new(writer.file());
        writer.append([&Record::Event(Event::ProcessStarted(demise::observe()))])?;
        self.created = created;
        self.epoch += 1;
        Ok(File { _closed_in_child: closed_in_child, writer, id, epoch: self.epoch })
    }

    /// Whether it is long enough, and another one is to be [begun](Self::rotate).
    pub fn is_full(&self) -> bool {
        self.current.as_ref().is_some_and(|file| self.quota.is_full(file.writer.end()))
    }

    /// Begins another journal, which knows the `open` runs as this one does: it is what says, when this one is gone,
    /// that the process has them open.
    ///
    /// # Errors
    /// If there can be no other; then everything goes on as it was.
    pub fn rotate(
        &mut self,
        folder: &Path,
        carried_by_others: bool,
        open: &[Arc<RunState>],
    ) -> Result<(), Error> {
        let new = self.create(folder, carried_by_others)?;
        if let Some(mut file) = self.current.replace(new) {
            file.writer.trim();
            self.full.push_back(file);
        }
        self.known.begin_again();
        open.iter().for_each(|run| self.introduce(run));
        self.write(folder, carried_by_others)
    }

    /// Takes the full journals out of which everything up to `taken` has been carried.
    pub fn carried(&mut self, taken: (u64, u64)) -> Option<(String, Writer)> {
        let file = self.full.pop_front_if(|file| file.tail(true).end <= taken)?;
        Some((file.id, file.writer))
    }

    /// Forgets what was staged and all definitions: those among what was staged are in no journal.
    fn forget(&mut self) {
        self.staged.clear();
        self.known.forget();
    }

    /// Frees what is kept for quick logging to a run.
    pub fn release(&mut self, run: &RunState) {
        self.known.release(run);
        self.shed.remove(&run.number);
        self.explicit.ended(&run.id);
    }

    /// Closes the journal. The next append makes another one.
    pub fn close(&mut self) -> Option<Writer> {
        self.staged.clear();
        self.known.begin_again();
        self.owes_an_end = false;
        self.current.take().map(|file| file.writer)
    }

    /// Closes all journals, which were removed: nobody will carry what is in them.
    pub fn abandon(&mut self) {
        self.full.clear();
        self.close();
    }

    /// Closes and removes the journal, which must have been carried whole.
    pub fn remove(&mut self) -> Result<(), Error> {
        self.close().map_or(Ok(()), |writer| writer.remove().map_err(Error::from))
    }
}
