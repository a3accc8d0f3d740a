//! A run as text: what identifies it, then a section for each kind of item.

use trackline_model::{CapturedKind, EXIT_REASON_TAG, INFERRED_PREFIX};

use super::sources::Sources;
use super::{Details, drift, failed_ranks, lineage};
use crate::runs::json::context;
use crate::runs::{elapsed, is_system_metric, is_system_tag, state};
use crate::table::{Align, Table, terminal_width};
use crate::{number, time};

/// How many files are listed; models may have thousands.
const FILES: usize = 40;

/// Items of a kind that are listed apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Told,
    /// With little confidence.
    Inferred,
    /// Of the machine.
    System,
}

impl Part {
    fn of(key: &str, is_metric: bool) -> Self {
        match key {
            _ if key.starts_with(INFERRED_PREFIX) => Self::Inferred,
            _ if is_metric && is_system_metric(key) => Self::System,
            _ => Self::Told,
        }
    }

    fn shown(self, key: &str) -> &str {
        if self == Self::Inferred { key.trim_start_matches(INFERRED_PREFIX) } else { key }
    }
}

impl Details {
    pub(super) fn text(&self, why: bool) -> String {
        let sources = Sources::of(&self.captured, why);
        let mut text = self.heading();
        let sections = [
            ("params", self.params(&sources, Part::Told)),
            ("metrics", self.metrics(&sources, Part::Told)),
            ("inferred params", self.params(&sources, Part::Inferred)),
            ("inferred metrics", self.metrics(&sources, Part::Inferred)),
            ("system", self.metrics(&sources, Part::System)),
            ("tags", self.tags(&sources)),
            ("datasets", self.datasets(&sources)),
            ("drift", pairs(self.drift.iter().map(drift::line))),
            ("lineage", pairs(lineage::ways(&self.lineage))),
            ("left out", pairs(self.left_out())),
            ("models", self.models(&sources)),
            ("artifacts", self.artifacts(&sources)),
        ];
        for (title, table) in sections {
            if !table.is_empty() {
                text.push_str(&format!("\n{title}\n{}", table.render(2, terminal_width())));
            }
        }
        if self.files.len() > FILES {
            text.push_str(&format!("  … and {} more; --json lists all\n", self.files.len() - FILES));
        }
        let facts = facts(self.environment.facts());
        if !facts.is_empty() {
            text.push_str(&format!("\nenvironment\n{}", facts.render(2, terminal_width())));
        }
        for (kind, traceback) in &self.tracebacks {
            text.push_str(&format!("\n{kind}\n"));
            text.extend(traceback.lines().map(|line| format!("  {line}\n")));
        }
        text
    }

    fn heading(&self) -> String {
        let info = &self.run.info;
        let now = time::now();
        let (started, ago) = (time::local(info.start_time), time::ago(info.start_time, now));
        // Long ago, `ago` is the day, which stands there already.
        let started = if started.starts_with(&ago) { started } else { format!("{started} ({ago})") };
        let mut lines = vec![
            ("id", info.run_id.clone()),
            ("experiment", format!("{} ({})", self.experiment, info.experiment_id)),
            ("status", state(&self.run).to_owned()),
            ("reason", self.reason()),
            ("started", started),
            ("duration", time::duration(elapsed(&self.run, now))),
            ("tracking", self.tracking()),
            ("user", info.user_id.clone()),
            ("artifacts", info.artifact_uri.clone()),
        ];
        lines.push(("description", self.tag("mlflow.note.content")));
        lines.retain(|(_, fact)| !fact.is_empty());
        format!("{}\n{}", info.run_name, facts(lines).render(2, None))
    }

    fn reason(&self) -> String {
        let own = Some(self.tag(EXIT_REASON_TAG)).filter(|reason| !reason.is_empty());
        let ranks = failed_ranks(&self.run).map(|(rank, reason)| format!("{rank}: {reason}"));
        own.into_iter().chain(ranks).collect::<Vec<_>>().join(" · ")
    }

    /// What tracking cost the threads of the program, and what was left out for that.
    fn tracking(&self) -> String {
        let Ok(spent) = self.tag("trackline.overhead_ms").parse::<f64>() else { return String::new() };
        let lasted = elapsed(&self.run, time::now()).max(1) as f64;
        let mut text =
            format!("{} ms, {} % of the time", number::short(spent), number::short(spent / lasted * 100.0));
        let shed = self.tag("trackline.shed");
        if !shed.is_empty() {
            text.push_str(&format!("; left out: {shed}"));
        }
        text
    }

    /// Empty if there is none.
    fn tag(&self, key: &str) -> String {
        let tag = self.run.data.tags.iter().find(|tag| tag.key == key);
        tag.map(|tag| tag.value.clone()).unwrap_or_default()
    }

    /// Files that the program wrote and that are not kept, and why.
    fn left_out(&self) -> Vec<(String, String)> {
        let written = self.opened["written"].as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        written.iter().filter_map(|file| Some((text(&file["path"])?, text(&file["left_out"])?))).collect()
    }

    fn params(&self, sources: &Sources<'_>, part: Part) -> Table {
        let mut table = Table::new(&[("", Align::Left), ("", Align::Left)]);
        let params = || self.run.data.params.iter().filter(|param| Part::of(&param.key, false) == part);
        for param in params() {
            table.row([part.shown(&param.key).to_owned(), param.value.clone()]);
        }
        let keys = || params().map(|param| param.key.as_str());
        sources.add_to(&mut table, CapturedKind::Param, keys());
        if sources.are_shown() && !self.param_history.is_empty() {
            table.column("before", Align::Left, keys().map(|key| self.earlier_values(key)));
        }
        table
    }

    /// What a param was before it was what it is, the first value first.
    fn earlier_values(&self, key: &str) -> String {
        let values: Vec<_> = self
            .param_history
            .iter()
            .filter(|change| change.key == key)
            .map(|change| change.value.as_str())
            .collect();
        match values.split_last() {
            Some((_, earlier)) => earlier.join(", "),
            None => String::new(),
        }
    }

    fn metrics(&self, sources: &Sources<'_>, part: Part) -> Table {
        let mut table = Table::new(&[
            ("", Align::Left),
            ("latest", Align::Right),
            ("min", Align::Right),
            ("max", Align::Right),
            ("step", Align::Right),
            ("points", Align::Right),
        ]);
        let metrics = || self.metrics.iter().filter(|summary| Part::of(&summary.key, true) == part);
        for summary in metrics() {
            table.row([
                part.shown(&summary.key).to_owned(),
                number::short(summary.latest.value),
                number::short(summary.min),
                number::short(summary.max),
                summary.latest.step.to_string(),
                summary.count.to_string(),
            ]);
        }
        let keys = metrics().map(|summary| summary.key.as_str());
        sources.add_to(&mut table, CapturedKind::Metric, keys);
        table
    }

    fn tags(&self, sources: &Sources<'_>) -> Table {
        let mut table = Table::new(&[("", Align::Left), ("", Align::Left)]);
        let tags: Vec<_> = self.run.data.tags.iter().filter(|tag| !is_system_tag(&tag.key)).collect();
        for tag in &tags {
            table.row([tag.key.clone(), tag.value.clone()]);
        }
        sources.add_to(&mut table, CapturedKind::Tag, tags.iter().map(|tag| tag.key.as_str()));
        table
    }

    fn datasets(&self, sources: &Sources<'_>) -> Table {
        let mut table = Table::new(&[("", Align::Left), ("digest", Align::Left), ("context", Align::Left)]);
        for input in &self.run.dataset_inputs {
            let context = context(input).unwrap_or_default();
            table.row([input.dataset.name.clone(), input.dataset.digest.clone(), context.to_owned()]);
        }
        let keys = self.run.dataset_inputs.iter().map(|input| input.dataset.name.as_str());
        sources.add_to(&mut table, CapturedKind::Dataset, keys);
        table
    }

    fn models(&self, sources: &Sources<'_>) -> Table {
        let mut table = Table::new(&[("", Align::Left), ("", Align::Left), ("", Align::Left)]);
        for (name, output) in &self.models {
            table.row([name.clone(), output.model_id.clone(), format!("at step {}", output.step)]);
        }
        sources.add_to(&mut table, CapturedKind::Model, self.models.iter().map(|(name, _)| name.as_str()));
        table
    }

    fn artifacts(&self, sources: &Sources<'_>) -> Table {
        let mut table = Table::new(&[("", Align::Left), ("", Align::Right)]);
        let shown = &self.files[..self.files.len().min(FILES)];
        for file in shown {
            table.row([file.path.clone(), number::bytes(file.file_size.unwrap_or(0))]);
        }
        sources.add_to(&mut table, CapturedKind::Artifact, shown.iter().map(|file| file.path.as_str()));
        table
    }
}

fn facts(facts: Vec<(&'static str, String)>) -> Table {
    pairs(facts.into_iter().map(|(label, fact)| (label.to_owned(), fact)))
}

fn pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Table {
    let mut table = Table::new(&[("", Align::Left), ("", Align::Left)]);
    for (label, fact) in pairs {
        table.row([label, fact]);
    }
    table
}
