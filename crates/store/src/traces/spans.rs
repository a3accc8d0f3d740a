//! Spans that clients send one by one. They make the trace that they belong to, if they come before it.

use std::collections::HashMap;

use trackline_model::{Span, Tag, Trace, TraceState};

use super::load;
use crate::sql::{Connection, Row, Scope, Transaction, Value, placeholders, values};
use crate::{Result, Store, experiments, rows};

/// Where the spans of a trace are, for clients: they read those in a file by themselves.
const PLACE_TAG: &str = "mlflow.trace.spansLocation";
const BESIDE: &str = "TRACKING_STORE";

/// How many traces are read by one query.
const BATCH: usize = 500;

impl Store {
    /// Keeps spans, each list with what it says of its trace; one that is there already is replaced. As long as a trace goes
    /// on, what is known of it grows with its spans; then it stays. A trace that is there stays in its experiment.
    ///
    /// # Errors
    /// `Invalid` for the id of a trace, a key, or an experiment that is deleted; `NotFound` without the experiment.
    pub fn log_spans(&self, experiment_id: &str, traces: &[(Trace, Vec<Span>)]) -> Result<()> {
        let experiment = experiments::parse_id(experiment_id)?;
        traces.iter().try_for_each(|(trace, _)| super::check(trace))?;
        self.write_in(
            |_| Scope::of(traces.iter().map(|(trace, _)| trace.trace_id.as_str())),
            |transaction| {
                for (trace, spans) in traces {
                    let known = load::find(transaction.reader(), &trace.trace_id)?;
                    let experiment = match &known {
                        Some(known) => experiments::parse_id(&known.experiment_id)?,
                        None => experiment,
                    };
                    let owner = experiments::get(transaction.reader(), experiment)?;
                    experiments::check_active(&owner)?;
                    let place = Tag { key: PLACE_TAG.to_owned(), value: BESIDE.to_owned() };
                    let mut trace = known.map_or_else(|| trace.clone(), |known| grown(known, trace));
                    trace.tags.push(place);
                    super::write(transaction, &owner, &trace)?;
                    insert(transaction, &trace.trace_id, spans)?;
                }
                Ok(())
            },
        )
    }

    /// These traces with their spans, the root first, in the order of the ids; those that are not there, or in none of the
    /// experiments, are left out.
    pub fn traces_with_spans(
        &self,
        trace_ids: &[String],
        experiment_ids: Option<&[String]>,
    ) -> Result<Vec<(Trace, Vec<Span>)>> {
        let mut found = HashMap::new();
        for ids in trace_ids.chunks(BATCH) {
            let ids: Vec<Value> = ids.iter().map(Into::into).collect();
            let (traces, mut spans) =
                self.read(|connection| Ok((load::all(connection, &ids)?, of_traces(connection, &ids)?)))?;
            for trace in traces {
                let spans = spans.remove(&trace.trace_id).unwrap_or_default();
                found.insert(trace.trace_id.clone(), (trace, spans));
            }
        }
        found.retain(|_, (trace, _)| experiment_ids.is_none_or(|ids| ids.contains(&trace.experiment_id)));
        Ok(trace_ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

/// What is known of a trace with what more of its spans say.
fn grown(known: Trace, seen: &Trace) -> Trace {
    let goes_on = matches!(known.state, TraceState::InProgress | TraceState::StateUnspecified);
    let mut grown = Trace {
        request_preview: known.request_preview.or_else(|| seen.request_preview.clone()),
        response_preview: known.response_preview.or_else(|| seen.response_preview.clone()),
        tags: seen.tags.clone(),
        metadata: Vec::new(),
        ..known
    };
    if goes_on {
        let end = |trace: &Trace| trace.duration.map(|duration| trace.request_time.saturating_add(duration));
        let last = end(&grown).max(end(seen));
        grown.request_time = grown.request_time.min(seen.request_time);
        grown.duration = last.map(|last| last.saturating_sub(grown.request_time));
        grown.state = seen.state;
    }
    grown
}

fn insert(transaction: &dyn Transaction, trace_id: &str, spans: &[Span]) -> Result<()> {
    let rows = spans.iter().map(|span| {
        let status = rows::name_of(&span.status)?;
        let Span { span_id, parent_id, name, span_type, start_time, content, .. } = span;
        let (parent_id, span_type) = (parent_id.as_deref(), span_type.as_deref());
        Ok(values![trace_id, span_id, parent_id, name, span_type, status, *start_time, content].to_vec())
    });
    let sql = "INSERT INTO spans (trace_id, span_id, parent_id, name, type, status, start_time, content) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (trace_id, span_id) DO UPDATE SET \
               parent_id = excluded.parent_id, name = excluded.name, type = excluded.type, \
               status = excluded.status, start_time = excluded.start_time, content = excluded.content";
    transaction.execute_each(sql, &rows.collect::<Result<Vec<_>>>()?).map(drop)
}

fn of_traces(connection: &dyn Connection, ids: &[Value]) -> Result<HashMap<String, Vec<Span>>> {
    let sql = format!(
        "SELECT trace_id, span_id, parent_id, name, type, status, start_time, content FROM spans \
         WHERE trace_id IN ({}) ORDER BY parent_id IS NOT NULL, start_time, span_id",
        placeholders(ids.len())
    );
    let mut found: HashMap<String, Vec<Span>> = HashMap::new();
    for row in connection.query(&sql, ids)? {
        found.entry(row.text(0)?).or_default().push(from_row(&row)?);
    }
    Ok(found)
}

fn from_row(row: &Row) -> Result<Span> {
    Ok(Span {
        span_id: row.text(1)?,
        parent_id: row.optional_text(2)?,
        name: row.text(3)?,
        span_type: row.optional_text(4)?,
        status: rows::named(row.text(5)?)?,
        start_time: row.integer(6)?,
        content: row.text(7)?,
    })
}
