use serde::{Deserialize, Serialize};
use trackline_model::LoggedModel;
use trackline_model::filter::{self, Attribute, Expr, Field};
use trackline_model::limits;
use trackline_model::order;

use super::load;
use crate::search::{Related, Shape, Statement, condition};
use crate::sql::{Connection, placeholders};
use crate::{DatasetFilter, Error, ModelOrder, ModelQuery, Page, Result, Store, experiments, page};

/// A place in one search: used with another, it would lead nowhere.
#[derive(Serialize, Deserialize)]
struct Place {
    offset: usize,
    search: String,
}

impl Store {
    /// The logged models that match and are not deleted, a page at a time.
    pub fn search_logged_models(&self, query: &ModelQuery) -> Result<Page<LoggedModel>> {
        page::check_max_results(query.max_results, limits::MAX_RUNS_PAGE)?;
        let offset = offset(query)?;
        let filter = filter::parse_logged_models(&query.filter)?.expr;
        let ids =
            query.experiment_ids.iter().map(|id| experiments::parse_id(id)).collect::<Result<Vec<_>>>()?;
        self.read(|connection| {
            let mut statement = Statement::new(format!("SELECT {}", load::COLUMNS));
            let keys = sort_keys(&mut statement, &query.order_by)?;
            statement.push(&format!(
                " FROM logged_models m WHERE m.deleted_time IS NULL AND m.experiment IN ({})",
                placeholders(ids.len())
            ));
            statement.values.extend(ids.iter().map(|id| (*id).into()));
            append_filter(&mut statement, connection, filter.as_ref(), &query.datasets)?;
            statement.push(" ORDER BY ").push(&keys.join(", "));
            let count = query.max_results + 1;
            statement.bind(" LIMIT ? OFFSET ?", [(count as i64).into(), (offset as i64).into()]);
            let mut rows = statement.query_as_written(connection)?;
            let more = rows.len() > query.max_results;
            rows.truncate(query.max_results);
            Ok(Page {
                items: load::whole(connection, &rows)?,
                next_page_token: more.then(|| token(query, offset + query.max_results)),
            })
        })
    }
}

fn token(query: &ModelQuery, offset: usize) -> String {
    page::encode(&Place { offset, search: fingerprint(query) })
}

fn offset(query: &ModelQuery) -> Result<usize> {
    let Some(token) = page::present(query.page_token.as_deref()) else { return Ok(0) };
    let place: Place = page::decode(token)?;
    if place.search == fingerprint(query) {
        return page::checked(place.offset, token);
    }
    Err(page::of_another_search())
}

fn fingerprint(query: &ModelQuery) -> String {
    page::fingerprint(&format!("{:?} {} {:?}", query.experiment_ids, query.filter, query.order_by))
}

fn append_filter(
    statement: &mut Statement,
    connection: &dyn Connection,
    filter: Option<&Expr>,
    datasets: &[DatasetFilter],
) -> Result<()> {
    let measured = measured_on(datasets);
    if let Some(expr) = filter {
        let mut metric_join = Statement::new("x.model_id = m.model_id");
        metric_join.append(&measured);
        let of_model = "x.model_id = m.model_id";
        let shape = Shape {
            attribute: column,
            metrics: Some(Related { table: "logged_model_metrics", join: metric_join, value: "x.value" }),
            params: Some(Related::new("logged_model_params", of_model, "x.value")),
            tags: Some(Related::new("logged_model_tags", of_model, "x.value")),
            metadata: None,
            datasets: None,
            spans: None,
        };
        statement.push(" AND ").append(&condition(&shape, connection.dialect(), expr)?);
    }
    if !datasets.is_empty() && !filter.is_some_and(has_metric) {
        statement.push(" AND EXISTS (SELECT 1 FROM logged_model_metrics x WHERE x.model_id = m.model_id");
        statement.append(&measured).push(")");
    }
    Ok(())
}

/// ` AND …`: a metric `x` was measured on one of these datasets; nothing if none is named.
fn measured_on(datasets: &[DatasetFilter]) -> Statement {
    let mut measured = Statement::default();
    for (index, dataset) in datasets.iter().enumerate() {
        measured.push(if index == 0 { " AND (" } else { " OR " });
        measured.bind("(x.dataset_name = ?", [(&dataset.name).into()]);
        if let Some(digest) = &dataset.digest {
            measured.bind(" AND x.dataset_digest = ?", [digest.into()]);
        }
        measured.push(")");
    }
    if !datasets.is_empty() {
        measured.push(")");
    }
    measured
}

fn has_metric(expr: &Expr) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(has_metric),
        Expr::Not(inner) => has_metric(inner),
        Expr::Compare { field, .. } => matches!(field, Field::Metric(_)),
    }
}

/// Adds the metrics that are sorted by to what is selected; returns the keys to sort by. What is missing comes last.
fn sort_keys(statement: &mut Statement, order_by: &[ModelOrder]) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for (index, order) in order_by.iter().enumerate() {
        let direction = if order.ascending { "ASC" } else { "DESC" };
        let parsed = order::parse_logged_models(std::slice::from_ref(&order.field_name))?;
        let value = match parsed.first().map(|clause| &clause.field) {
            Some(Field::Metric(key)) => {
                let value = format!("o{index}");
                statement.push(", (").append(&latest(key, order)).push(&format!(") AS {value}"));
                value
            }
            Some(Field::Attribute(attribute)) if column(*attribute).is_some() => {
                column(*attribute).unwrap_or_default().to_owned()
            }
            _ => {
                return Err(Error::invalid(format!(
                    "Invalid order by field name: {}. Order by an attribute, or by metrics.<key>.",
                    order.field_name
                )));
            }
        };
        keys.push(format!("{value} {direction} NULLS LAST"));
    }
    keys.push("m.creation_time DESC".to_owned());
    keys.push("m.model_id ASC".to_owned());
    Ok(keys)
}

/// The latest value of a metric, over the datasets that the order allows.
fn latest(key: &str, order: &ModelOrder) -> Statement {
    let mut latest = Statement::default();
    latest.bind(
        "SELECT x.value FROM logged_model_metrics x WHERE x.model_id = m.model_id AND x.key = ?",
        [key.into()],
    );
    if let Some(name) = &order.dataset_name {
        latest.bind(" AND x.dataset_name = ?", [name.into()]);
    }
    if let Some(digest) = &order.dataset_digest {
        latest.bind(" AND x.dataset_digest = ?", [digest.into()]);
    }
    latest.push(" ORDER BY x.time DESC, x.step DESC, x.run_id LIMIT 1");
    latest
}

fn column(attribute: Attribute) -> Option<&'static str> {
    Some(match attribute {
        Attribute::ModelId => "m.model_id",
        Attribute::Name => "m.name",
        // A model without a type is of the type '', as in MLflow.
        Attribute::ModelType => "COALESCE(m.model_type, '')",
        // Callers write READY for LOGGED_MODEL_READY.
        Attribute::Status => "REPLACE(m.status, 'LOGGED_MODEL_', '')",
        Attribute::SourceRunId => "m.source_run_id",
        Attribute::ExperimentId => "m.experiment",
        Attribute::CreationTime => "m.creation_time",
        Attribute::LastUpdateTime => "m.last_update_time",
        _ => return None,
    })
}
