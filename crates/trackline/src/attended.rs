//! Runs that every rank of the program begins and the first one keeps. It may come to it later than another rank that asks for
//! one of them; and of some no rank writes anything, such as children of a run begun elsewhere than on the first rank.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use trackline_journal::{Event, ExperimentRef};
use trackline_model::{LifecycleStage, Run, RunData, RunInfo, RunStatus};
use trackline_store::ErrorKind;

use crate::part::Part;
use crate::{Backend, Error, Tracker};

/// So long the first rank may take to write a run that another one asks for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);
/// Runs that are remembered at most: a program that starts runs for ever must not fill the memory.
const MOST: usize = 10_000;

/// Those that this process began as another rank than the first.
#[derive(Debug, Default)]
pub struct Attended(Mutex<HashMap<String, Begun>>);

/// A run as it began here.
#[derive(Debug, Clone)]
struct Begun {
    part: Part,
    experiment: ExperimentRef,
    run: Run,
    /// Until when the first rank is waited for; set when the run is asked for the first time.
    until: Option<Instant>,
}

impl Attended {
    pub fn begins(&self, part: Part, start: Event) {
        let Event::RunStarted { run_id, experiment, run_name, user_id, start_time, tags } = start else {
            return;
        };
        let info = RunInfo {
            run_id: run_id.clone(),
            run_name: run_name.unwrap_or_default(),
            experiment_id: String::new(),
            user_id,
            status: RunStatus::Running,
            start_time,
            end_time: None,
            artifact_uri: String::new(),
            lifecycle_stage: LifecycleStage::Active,
        };
        let data = RunData { tags, ..RunData::default() };
        let (dataset_inputs, model_inputs, model_outputs) = Default::default();
        let run = Run { info, data, dataset_inputs, model_inputs, model_outputs };
        let mut runs = self.lock();
        if runs.len() < MOST {
            runs.insert(run_id, Begun { part, experiment, run, until: None });
        }
    }

    pub fn ends(&self, run_id: &str, status: RunStatus, end_time: i64) {
        if let Some(begun) = self.lock().get_mut(run_id) {
            begun.run.info.status = status;
            begun.run.info.end_time = Some(end_time);
        }
    }

    /// What this process adds to a run, if it began it as another rank than the first.
    pub fn part(&self, run_id: &str) -> Option<Part> {
        self.lock().get(run_id).map(|begun| begun.part)
    }

    /// A run that was asked for now.
    fn asked_for(&self, run_id: &str) -> Option<(Begun, Instant)> {
        let mut runs = self.lock();
        let begun = runs.get_mut(run_id)?;
        let until = *begun.until.get_or_insert_with(|| match begun.part {
            Part::Nothing => Instant::now(),
            Part::Whole | Part::Rank(_) => Instant::now() + PATIENCE,
        });
        Some((begun.clone(), until))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Begun>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Begun {
    /// With the experiment, if that is there.
    fn told(mut self, backend: &Backend) -> Run {
        let found = match &self.experiment {
            ExperimentRef::Id(id) => backend.get_experiment(id),
            ExperimentRef::Name(name) => backend.get_experiment_by_name(name),
        };
        if let Ok(experiment) = found {
            let info = &mut self.run.info;
            info.artifact_uri = format!("{}/{}/artifacts", experiment.artifact_location, info.run_id);
            info.experiment_id = experiment.experiment_id;
        }
        self.run
    }
}

impl Tracker {
    /// Whether this process began the run as another rank than the first.
    pub fn attends(&self, run_id: &str) -> bool {
        self.process().attended.part(run_id).is_some()
    }

    /// What this process alone knows of a run: it is another rank than the first, which keeps the run and has not written it
    /// within ten seconds, or nobody writes it. None of any other run, which is to be read from the store.
    ///
    /// # Errors
    /// As [`backend`](Self::backend).
    pub fn unwritten(&self, run_id: &str) -> Result<Option<Run>, Error> {
        let Some((begun, until)) = self.process().attended.asked_for(run_id) else { return Ok(None) };
        let backend = self.backend()?;
        loop {
            let is_missing =
                matches!(backend.get_run(run_id), Err(error) if error.kind == ErrorKind::NotFound);
            if !is_missing {
                return Ok(None);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Some(begun.told(&backend)));
            }
            thread::sleep(PAUSE.min(left));
        }
    }
}
