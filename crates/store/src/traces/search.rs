use trackline_model::Trace;
use trackline_model::filter::{self, Attribute, Expr, Field};
use trackline_model::limits;
use trackline_model::order;

use super::{RUN_KEY, load};
use crate::search::{Related, Shape, Statement, attribute_order, condition};
use crate::sql::{Value, placeholders};
use crate::{Page, Result, Store, TraceQuery, experiments, page};

impl Store {
    /// The traces that match, a page at a time.
    pub fn search_traces(&self, query: &TraceQuery) -> Result<Page<Trace>> {
        page::check_max_results(query.max_results, limits::MAX_RUNS_PAGE)?;
        let offset = page::offset(query.page_token.as_deref())?;
        let filter = filter::parse_traces(&query.filter)?.expr.map(of_run);
        let ties = [("t.request_time", false), ("t.trace_id", true)];
        let order = attribute_order(&order::parse_traces(&query.order_by)?, column, &ties)?;
        let ids =
            query.experiment_ids.iter().map(|id| experiments::parse_id(id)).collect::<Result<Vec<_>>>()?;
        if ids.is_empty() {
            return Ok(page::cut(Vec::new(), 0, query.max_results));
        }
        let select = format!("SELECT {} FROM traces t WHERE t.experiment IN (", load::COLUMNS);
        let mut statement = Statement::new(select);
        statement.push(&placeholders(ids.len())).push(")");
        statement.values.extend(ids.into_iter().map(Value::Integer));
        self.read(|connection| {
            let mut statement = statement.clone();
            if let Some(expr) = &filter {
                statement.push(" AND ").append(&condition(&shape(), connection.dialect(), expr)?);
            }
            statement.push(&order);
            let count = query.max_results + 1;
            statement.bind(" LIMIT ? OFFSET ?", [(count as i64).into(), (offset as i64).into()]);
            let found = load::whole(connection, &statement.query(connection)?)?;
            Ok(page::cut(found, offset, query.max_results))
        })
    }
}

/// A trace may belong to several runs.
fn of_run(expr: Expr) -> Expr {
    let each = |parts: Vec<Expr>| parts.into_iter().map(of_run).collect();
    match expr {
        Expr::And(parts) => Expr::And(each(parts)),
        Expr::Or(parts) => Expr::Or(each(parts)),
        Expr::Not(inner) => Expr::Not(Box::new(of_run(*inner))),
        Expr::Compare { field: Field::Attribute(Attribute::RunId), op, value } => {
            Expr::Compare { field: Field::Metadata(RUN_KEY.to_owned()), op, value }
        }
        Expr::Compare { .. } => expr,
    }
}

fn shape() -> Shape {
    let of_trace = "x.trace_id = t.trace_id";
    let metadata = "(SELECT trace_id, key, value FROM trace_metadata \
                    UNION ALL SELECT trace_id, 'mlflow.sourceRun', run_id FROM trace_runs)";
    Shape {
        attribute: column,
        metrics: None,
        params: None,
        tags: Some(Related::new("trace_tags", of_trace, "x.value")),
        metadata: Some(Related::new(metadata, of_trace, "x.value")),
        datasets: None,
        spans: Some(of_trace),
    }
}

fn column(attribute: Attribute) -> Option<&'static str> {
    Some(match attribute {
        Attribute::TraceId => "t.trace_id",
        Attribute::ClientRequestId => "t.client_request_id",
        Attribute::Status => "t.state",
        Attribute::ExperimentId => "t.experiment",
        Attribute::RequestTime => "t.request_time",
        Attribute::ExecutionTime => "t.duration",
        Attribute::EndTime => "(t.request_time + t.duration)",
        Attribute::Name => {
            "(SELECT n.value FROM trace_tags n WHERE n.trace_id = t.trace_id AND n.key = 'mlflow.traceName')"
        }
        Attribute::RunId => {
            "(SELECT n.value FROM trace_metadata n WHERE n.trace_id = t.trace_id AND n.key = 'mlflow.sourceRun')"
        }
        _ => return None,
    })
}
