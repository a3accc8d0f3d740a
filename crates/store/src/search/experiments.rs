use trackline_model::filter::{self, Attribute};
use trackline_model::limits;
use trackline_model::order;
use trackline_model::{Experiment, ViewType};

use super::{Related, Shape, Statement, attribute_order, condition};
use crate::experiments::{COLUMNS, whole};
use crate::{ExperimentQuery, Page, Result, Store, page};

impl Store {
    /// The experiments that match, a page at a time.
    pub fn search_experiments(&self, query: &ExperimentQuery) -> Result<Page<Experiment>> {
        page::check_max_results(query.max_results, limits::MAX_EXPERIMENTS_PAGE)?;
        let offset = page::offset(query.page_token.as_deref())?;
        let filter = filter::parse_experiments(&query.filter)?;
        let order = order::parse_experiments(&query.order_by)?;
        let ties = if order.is_empty() {
            vec![("e.creation_time", false), ("e.id", true)]
        } else {
            vec![("e.id", false)]
        };
        let order = attribute_order(&order, column, &ties)?;
        self.read(|connection| {
            let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM experiments e WHERE "));
            statement.push(match query.view {
                ViewType::ActiveOnly => "e.deleted_time IS NULL",
                ViewType::DeletedOnly => "e.deleted_time IS NOT NULL",
                ViewType::All => "e.id = e.id",
            });
            if let Some(expr) = &filter.expr {
                statement.push(" AND ").append(&condition(&shape(), connection.dialect(), expr)?);
            }
            statement.push(&order);
            let count = query.max_results + 1;
            statement.bind(" LIMIT ? OFFSET ?", [(count as i64).into(), (offset as i64).into()]);
            let found = whole(connection, &statement.query(connection)?)?;
            Ok(page::cut(found, offset, query.max_results))
        })
    }
}

fn column(attribute: Attribute) -> Option<&'static str> {
    Some(match attribute {
        Attribute::ExperimentId => "e.id",
        Attribute::Name => "e.name",
        Attribute::CreationTime => "e.creation_time",
        Attribute::LastUpdateTime => "e.last_update_time",
        _ => return None,
    })
}

fn shape() -> Shape {
    Shape {
        attribute: column,
        metrics: None,
        params: None,
        tags: Some(Related::new("experiment_tags", "x.experiment = e.id", "x.value")),
        metadata: None,
        datasets: None,
        spans: None,
    }
}
