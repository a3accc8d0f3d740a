//! Explicit logging wins: what the user has logged in this process, hooks leave alone.

use std::collections::{HashMap, HashSet, VecDeque};

use trackline_journal::{ArtifactOwner, Event};
use trackline_model::USER_SOURCE;

/// So many runs are remembered after their end; hooks may still log to them.
const ENDED: usize = 64;

/// The keys and paths that the user has logged, by run.
#[derive(Debug, Default)]
pub struct Explicit {
    runs: HashMap<String, Items>,
    ended: VecDeque<String>,
}

type Keys = HashSet<Box<str>>;

#[derive(Debug, Default)]
struct Items {
    params: Keys,
    metrics: Keys,
    tags: Keys,
    artifacts: Keys,
}

impl Explicit {
    /// Remembers the items of an event of the user; takes out of an event of a hook those that the user has logged.
    /// False if nothing is left of it.
    pub fn admit(&mut self, event: &mut Event) -> bool {
        match event {
            Event::RunStarted { run_id, tags, .. } => {
                let keys = tags.iter().map(|tag| tag.key.as_str().into());
                self.items(run_id).tags.extend(keys);
                true
            }
            Event::Params { run_id, params, source, .. } => {
                self.sift(run_id, source, params, |items| &mut items.params, |param| &param.key)
            }
            Event::Tags { run_id, tags, source } => {
                self.sift(run_id, source, tags, |items| &mut items.tags, |tag| &tag.key)
            }
            Event::Metrics { run_id, metrics, source } => {
                self.sift(run_id, source, metrics, |items| &mut items.metrics, |metric| &metric.key)
            }
            Event::Artifact { owner: ArtifactOwner::Run(run_id), path, source, .. } => {
                let mut paths = vec![path.clone()];
                self.sift(run_id, source, &mut paths, |items| &mut items.artifacts, |path| path)
            }
            _ => true,
        }
    }

    /// Remembers that the user has logged a metric.
    pub fn add_metric(&mut self, run_id: &str, key: &str) {
        self.items(run_id).metrics.insert(key.into());
    }

    /// Whether the user has logged a metric.
    pub fn has_metric(&self, run_id: &str, key: &str) -> bool {
        self.runs.get(run_id).is_some_and(|items| items.metrics.contains(key))
    }

    /// The run has ended: it is forgotten when others have ended after it.
    pub fn ended(&mut self, run_id: &str) {
        if !self.runs.contains_key(run_id) {
            return;
        }
        self.ended.push_back(run_id.to_owned());
        if self.ended.len() > ENDED
            && let Some(oldest) = self.ended.pop_front()
        {
            self.runs.remove(&oldest);
        }
    }

    fn sift<T>(
        &mut self,
        run_id: &str,
        source: &str,
        logged: &mut Vec<T>,
        known: impl Fn(&mut Items) -> &mut Keys,
        key: impl Fn(&T) -> &str,
    ) -> bool {
        if source == USER_SOURCE {
            known(self.items(run_id)).extend(logged.iter().map(|item| key(item).into()));
        } else if let Some(items) = self.runs.get_mut(run_id) {
            let known = known(items);
            logged.retain(|item| !known.contains(key(item)));
        }
        !logged.is_empty()
    }

    fn items(&mut self, run_id: &str) -> &mut Items {
        self.runs.entry(run_id.to_owned()).or_default()
    }
}
