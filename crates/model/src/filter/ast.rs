use super::Field;

/// A parsed filter; without an expression it matches everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// The condition, if there is one.
    pub expr: Option<Expr>,
}

/// A condition.
///
/// The parser joins nested `And`s (and `Or`s) into one, so its lists hold at least two items and never
/// an item of their own kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them hold.
    And(Vec<Expr>),
    /// At least one of them holds.
    Or(Vec<Expr>),
    /// The plain opposite: it also holds where the inner condition fails because a key is missing.
    Not(Box<Expr>),
    /// One field against one value. Does not hold where the field is missing, whatever the operator,
    /// except for `IS NULL`.
    Compare {
        /// What is compared.
        field: Field,
        /// How.
        op: Op,
        /// With what: the kind that the field and the operator ask for.
        value: Value,
    },
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `LIKE`: `%` is any text, `_` any character; case-sensitive.
    Like,
    /// `ILIKE`: `LIKE` without regard to case.
    ILike,
    /// `IN`, with a list.
    In,
    /// `NOT IN`, with a list.
    NotIn,
    /// `IS NULL`, with no value.
    IsNull,
    /// `IS NOT NULL`, with no value.
    IsNotNull,
}

impl Op {
    /// As it is written in a filter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Like => "LIKE",
            Self::ILike => "ILIKE",
            Self::In => "IN",
            Self::NotIn => "NOT IN",
            Self::IsNull => "IS NULL",
            Self::IsNotNull => "IS NOT NULL",
        }
    }
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// For metrics, times and version numbers: always finite.
    Number(f64),
    /// For everything else.
    Text(String),
    /// For `IN` and `NOT IN`: never empty.
    List(Vec<String>),
    /// For `IS NULL` and `IS NOT NULL`.
    Null,
}
