use trackline_model::filter::{self, Attribute, Expr, Field, Op, Value as Operand};
use trackline_model::limits;
use trackline_model::order;
use trackline_model::{ModelVersion, RegisteredModel};

use super::{models, versions};
use crate::search::{Related, Shape, Statement, attribute_order, condition};
use crate::sql::{Connection, Row};
use crate::{Page, RegistryQuery, Result, Store, page};

impl Store {
    /// The registered models that match, a page at a time. Prompts are found only if the filter asks for
    /// them.
    pub fn search_registered_models(&self, query: &RegistryQuery) -> Result<Page<RegisteredModel>> {
        page::check_max_results(query.max_results, limits::MAX_REGISTERED_MODELS_PAGE)?;
        let order = order::parse_registered_models(&query.order_by)?;
        let searched = Searched {
            select: format!("SELECT {} FROM registered_models m", models::COLUMNS),
            name: "m.name",
            attribute: model_column,
            tags: Related::new("registered_model_tags", "x.name = m.name", "x.value"),
            order: attribute_order(&order, model_column, &[("m.name", true)])?,
            read: models::whole,
        };
        searched.search(self, query, filter::parse_registered_models(&query.filter)?.expr)
    }

    /// The versions that match, a page at a time. Prompts are found only if the filter asks for them.
    pub fn search_model_versions(&self, query: &RegistryQuery) -> Result<Page<ModelVersion>> {
        page::check_max_results(query.max_results, limits::MAX_MODEL_VERSIONS_PAGE)?;
        let order = order::parse_model_versions(&query.order_by)?;
        let ties: &[_] = if order.is_empty() {
            &[("v.last_update_time", false), ("v.name", true), ("v.version", false)]
        } else {
            &[("v.name", true), ("v.version", false)]
        };
        let of_version = "x.name = v.name AND x.version = v.version";
        let searched = Searched {
            select: format!("SELECT {} FROM model_versions v", versions::COLUMNS),
            name: "v.name",
            attribute: version_column,
            tags: Related::new("model_version_tags", of_version, "x.value"),
            order: attribute_order(&order, version_column, ties)?,
            read: versions::whole,
        };
        searched.search(self, query, filter::parse_model_versions(&query.filter)?.expr)
    }
}

/// One of the two tables, and how it is searched.
struct Searched<T> {
    select: String,
    /// The column with the name of the registered model.
    name: &'static str,
    attribute: fn(Attribute) -> Option<&'static str>,
    tags: Related,
    order: String,
    /// Whole items from their rows.
    read: fn(&dyn Connection, &[Row]) -> Result<Vec<T>>,
}

impl<T> Searched<T> {
    fn search(self, store: &Store, query: &RegistryQuery, filter: Option<Expr>) -> Result<Page<T>> {
        let offset = page::offset(query.page_token.as_deref())?;
        let tag_table = self.tags.table;
        let shape = Shape {
            attribute: self.attribute,
            metrics: None,
            params: None,
            tags: Some(self.tags),
            metadata: None,
            datasets: None,
            spans: None,
        };
        let mut conjuncts = match filter {
            None => Vec::new(),
            Some(Expr::And(parts)) => parts,
            Some(other) => vec![other],
        };
        let mut statement = Statement::new(self.select);
        statement.push(" WHERE ").push(self.name).push(" IS NOT NULL");
        if !conjuncts.iter().any(wants_prompts) {
            // The client always asks for "is not a prompt", which models without the tag must meet too.
            conjuncts.retain(|expr| !is_about_prompts(expr));
            statement.push(&format!(
                " AND NOT EXISTS (SELECT 1 FROM {tag_table} p WHERE p.name = {} AND p.key = '{PROMPT}' \
                 AND p.value = 'true')",
                self.name
            ));
        }
        store.read(|connection| {
            let mut statement = statement.clone();
            for expr in &conjuncts {
                statement.push(" AND ").append(&condition(&shape, connection.dialect(), expr)?);
            }
            let count = query.max_results + 1;
            statement.push(&self.order);
            statement.bind(" LIMIT ? OFFSET ?", [(count as i64).into(), (offset as i64).into()]);
            let found = (self.read)(connection, &statement.query(connection)?)?;
            Ok(page::cut(found, offset, query.max_results))
        })
    }
}

/// The tag of entries that are prompts and no models.
const PROMPT: &str = "mlflow.prompt.is_prompt";

fn is_about_prompts(expr: &Expr) -> bool {
    matches!(expr, Expr::Compare { field: Field::Tag(key), .. } if key == PROMPT)
}

fn wants_prompts(expr: &Expr) -> bool {
    let Expr::Compare { op, value: Operand::Text(text), .. } = expr else { return false };
    is_about_prompts(expr)
        && match op {
            Op::Eq => text.eq_ignore_ascii_case("true"),
            Op::Ne => text.eq_ignore_ascii_case("false"),
            _ => false,
        }
}

fn model_column(attribute: Attribute) -> Option<&'static str> {
    Some(match attribute {
        Attribute::Name => "m.name",
        Attribute::CreationTime => "m.creation_time",
        Attribute::LastUpdateTime => "m.last_update_time",
        _ => return None,
    })
}

fn version_column(attribute: Attribute) -> Option<&'static str> {
    Some(match attribute {
        Attribute::Name => "v.name",
        Attribute::VersionNumber => "v.version",
        Attribute::RunId => "v.run_id",
        Attribute::SourcePath => "v.source",
        Attribute::CreationTime => "v.creation_time",
        Attribute::LastUpdateTime => "v.last_update_time",
        _ => return None,
    })
}
