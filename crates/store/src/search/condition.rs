use trackline_model::filter::{Attribute, DatasetField, Expr, Field, Op, Value as Operand};

use super::Statement;
use super::spans::{is_of_span, one_span};
use crate::sql::{Dialect, Value, placeholders};
use crate::{Error, Result};

/// Where the fields of an entity are.
pub(crate) struct Shape {
    /// The column, or expression, of an attribute.
    pub attribute: fn(Attribute) -> Option<&'static str>,
    pub metrics: Option<Related>,
    pub params: Option<Related>,
    pub tags: Option<Related>,
    pub metadata: Option<Related>,
    /// What a row of `dataset_inputs i` has to do with the entity.
    pub datasets: Option<String>,
    /// What a row of `spans x` has to do with the entity.
    pub spans: Option<&'static str>,
}

/// A table `x` with rows of key and value that belong to an entity.
pub(crate) struct Related {
    pub table: &'static str,
    /// What a row has to do with the entity; it may hold values.
    pub join: Statement,
    pub value: &'static str,
}

impl Related {
    pub fn new(table: &'static str, join: &str, value: &'static str) -> Self {
        Self { table, join: Statement::new(join), value }
    }
}

/// The expression as a condition on the entity.
pub(crate) fn condition(shape: &Shape, dialect: &dyn Dialect, expr: &Expr) -> Result<Statement> {
    match expr {
        Expr::And(parts) => {
            let (spans, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| is_of_span(part));
            let others = others.into_iter().map(|part| condition(shape, dialect, part));
            let same_span = (!spans.is_empty()).then(|| one_span(shape, dialect, &spans));
            Ok(joined(&others.chain(same_span).collect::<Result<Vec<_>>>()?, " AND "))
        }
        Expr::Or(parts) => {
            let parts = parts.iter().map(|part| condition(shape, dialect, part));
            Ok(joined(&parts.collect::<Result<Vec<_>>>()?, " OR "))
        }
        Expr::Not(inner) => {
            let mut not = Statement::new("NOT COALESCE(");
            not.append(&condition(shape, dialect, inner)?).push(", FALSE)");
            Ok(not)
        }
        Expr::Compare { field: Field::Span(_), .. } => one_span(shape, dialect, &[expr]),
        Expr::Compare { field, op, value } => compare(shape, dialect, field, *op, value),
    }
}

fn joined(parts: &[Statement], word: &str) -> Statement {
    let mut all = Statement::new("(");
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            all.push(word);
        }
        all.append(part);
    }
    all.push(")");
    all
}

fn compare(
    shape: &Shape,
    dialect: &dyn Dialect,
    field: &Field,
    op: Op,
    operand: &Operand,
) -> Result<Statement> {
    let of_key = |related: &Option<Related>, key: &str, numeric| match related {
        Some(related) => exists(related, dialect, key, op, operand, numeric),
        None => Err(unsupported(field)),
    };
    match field {
        Field::Attribute(Attribute::RunName) => of_key(&shape.tags, crate::runs::RUN_NAME_TAG, false),
        Field::Attribute(attribute) => {
            let column = (shape.attribute)(*attribute).ok_or_else(|| unsupported(field))?;
            let numeric = attribute.is_numeric() || *attribute == Attribute::ExperimentId;
            column_matches(dialect, column, op, operand, numeric)
        }
        Field::Metric(key) => of_key(&shape.metrics, key, true),
        Field::Param(key) => of_key(&shape.params, key, false),
        Field::Tag(key) => of_key(&shape.tags, key, false),
        Field::Metadata(key) => of_key(&shape.metadata, key, false),
        Field::Dataset(part) => match &shape.datasets {
            Some(join) => dataset_matches(dialect, join, *part, op, operand),
            None => Err(unsupported(field)),
        },
        Field::Span(_) => Err(unsupported(field)),
    }
}

pub(super) fn unsupported(field: &Field) -> Error {
    Error::invalid(format!("This search does not know the field {field:?}."))
}

/// There is a row of this key, and its value matches.
fn exists(
    related: &Related,
    dialect: &dyn Dialect,
    key: &str,
    op: Op,
    operand: &Operand,
    numeric: bool,
) -> Result<Statement> {
    let mut found = Statement::new(if op == Op::IsNull { "NOT EXISTS (" } else { "EXISTS (" });
    found.push("SELECT 1 FROM ").push(related.table).push(" x WHERE ").append(&related.join);
    found.bind(" AND x.key = ?", [key.into()]);
    if !matches!(op, Op::IsNull | Op::IsNotNull) {
        let matches = if numeric {
            metric_matches(related.value, op, operand)?
        } else {
            column_matches(dialect, related.value, op, operand, false)?
        };
        found.push(" AND ").append(&matches);
    }
    found.push(LOOKUP);
    Ok(found)
}

/// Ends an `EXISTS (` that is a look-up for each run: what has a bound is not made a join, which might read the table
/// for all runs at once.
pub(super) const LOOKUP: &str = " LIMIT 1 OFFSET 0)";

/// A metric that is NaN is null in the database; it matches `!=` alone.
pub(super) fn metric_matches(column: &str, op: Op, operand: &Operand) -> Result<Statement> {
    let Operand::Number(number) = operand else {
        return Err(Error::invalid(format!("A metric is compared with a number, not with {operand:?}.")));
    };
    let mut matches = Statement::default();
    match op {
        Op::Ne => matches.bind(&format!("({column} <> ? OR {column} IS NULL)"), [Value::Real(*number)]),
        _ => matches.bind(&format!("{column} {} ?", op.as_str()), [Value::Real(*number)]),
    };
    Ok(matches)
}

pub(super) fn column_matches(
    dialect: &dyn Dialect,
    column: &str,
    op: Op,
    operand: &Operand,
    numeric: bool,
) -> Result<Statement> {
    let mut matches = Statement::default();
    match (op, operand) {
        (Op::IsNull | Op::IsNotNull, _) => {
            matches.push(&format!("{column} {}", op.as_str()));
        }
        (Op::Like, Operand::Text(text)) => {
            matches.bind(&dialect.like(column), [text.into()]);
        }
        (Op::ILike, Operand::Text(text)) => {
            matches.bind(&dialect.ilike(column), [text.into()]);
        }
        (Op::In | Op::NotIn, Operand::List(list)) => {
            matches.push(&format!("{column} {} ({})", op.as_str(), placeholders(list.len())));
            matches.values.extend(list.iter().map(|text| typed(text, numeric)));
        }
        (_, Operand::Number(number)) => {
            matches.bind(&format!("{column} {} ?", op.as_str()), [whole(*number)]);
        }
        (_, Operand::Text(text)) => {
            matches.bind(&format!("{column} {} ?", op.as_str()), [typed(text, numeric)]);
        }
        (_, Operand::List(_) | Operand::Null) => {
            return Err(Error::invalid(format!("{} cannot be used with {operand:?}.", op.as_str())));
        }
    }
    Ok(matches)
}

/// Columns of numbers hold whole ones.
pub(super) fn whole(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Value::Integer(number as i64)
    } else {
        Value::Real(number)
    }
}

/// Ids of experiments are numbers in the database and text in a filter.
fn typed(text: &str, numeric: bool) -> Value {
    match text.parse() {
        Ok(number) if numeric => Value::Integer(number),
        _ => text.into(),
    }
}

fn dataset_matches(
    dialect: &dyn Dialect,
    join: &str,
    part: DatasetField,
    op: Op,
    operand: &Operand,
) -> Result<Statement> {
    let (source, column) = match part {
        DatasetField::Name => ("JOIN datasets d ON d.id = i.dataset", "d.name"),
        DatasetField::Digest => ("JOIN datasets d ON d.id = i.dataset", "d.digest"),
        DatasetField::Context => (
            "JOIN dataset_input_tags t ON t.run = i.run AND t.dataset = i.dataset \
             AND t.key = 'mlflow.data.context'",
            "t.value",
        ),
    };
    let mut found =
        Statement::new(format!("EXISTS (SELECT 1 FROM dataset_inputs i {source} WHERE {join} AND "));
    found.append(&column_matches(dialect, column, op, operand, false)?).push(LOOKUP);
    Ok(found)
}
