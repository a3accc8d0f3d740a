//! Our values as PostgreSQL sends them, and back.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::sql::{Kind, Value};

/// The type that a value is sent as; that of a null follows from where it stands.
pub(super) fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Integer(_) => Type::INT8,
        Value::Real(_) => Type::FLOAT8,
        Value::Text(_) => Type::TEXT,
        Value::Blob(_) => Type::BYTEA,
    }
}

/// The type of an array of such values.
pub(super) fn array_of(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8_ARRAY,
        Kind::Real => Type::FLOAT8_ARRAY,
        Kind::Text => Type::TEXT_ARRAY,
        Kind::Blob => Type::BYTEA_ARRAY,
    }
}

/// The type of an array of values like this one.
pub(super) fn array_like(value: &Value) -> Type {
    match value {
        Value::Null | Value::Text(_) => Type::TEXT_ARRAY,
        Value::Integer(_) => Type::INT8_ARRAY,
        Value::Real(_) => Type::FLOAT8_ARRAY,
        Value::Blob(_) => Type::BYTEA_ARRAY,
    }
}

impl ToSql for Value {
    /// The statement was prepared for the type of this value.
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(value) => value.to_sql(ty, out),
            Self::Real(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Blob(value) => value.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Self::Real(f64::from_sql(ty, raw)?),
            Type::BYTEA => Self::Blob(raw.to_vec()),
            _ => Self::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::FLOAT8 | Type::BYTEA | Type::TEXT | Type::UNKNOWN)
    }
}
