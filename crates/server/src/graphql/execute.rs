//! Takes from answers what a query selects.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use trackline_store::Store;

use super::ask::{ask, rest_name};
use super::schema::{Schema, Type};
use super::selection::Field;

pub(super) struct Execution<'s> {
    schema: &'s Schema,
    store: Store,
    /// What could not be answered, and is null.
    pub(super) errors: Vec<String>,
}

impl<'s> Execution<'s> {
    pub(super) fn new(schema: &'s Schema, store: Store) -> Self {
        Self { schema, store, errors: Vec::new() }
    }

    /// The selected fields of an object whose message is `from`.
    pub(super) async fn object(&mut self, name: &str, fields: &[Field], from: &Value) -> Value {
        let mut object = Map::new();
        for field in fields {
            let value = match self.schema.field(name, &field.name) {
                Some(definition) => {
                    let asked = self.ask(name, field, from).await;
                    let value = asked.as_ref().unwrap_or_else(|| &from[&*rest_name(&field.name)]);
                    self.value(&definition.field_type, &field.children, value).await
                }
                // Checked before: nothing else is without a definition.
                None => Value::from(name),
            };
            object.insert(field.key.clone(), value);
        }
        Value::Object(object)
    }

    async fn ask(&mut self, object: &str, field: &Field, from: &Value) -> Option<Value> {
        Some(ask(&self.store, object, field, from).await?.unwrap_or_else(|error| {
            self.errors.push(error.message().to_owned());
            Value::Null
        }))
    }

    fn value<'a>(&'a mut self, of: &'a Type, fields: &'a [Field], value: &'a Value) -> BoxFuture<'a, Value> {
        let value = async move {
            match (of, value) {
                (Type::NonNullType(inner), Value::Null) => self.default(inner, fields).await,
                (Type::NonNullType(inner), _) => self.value(inner, fields, value).await,
                (_, Value::Null) => Value::Null,
                (Type::ListType(inner), Value::Array(items)) => {
                    let mut taken = Vec::with_capacity(items.len());
                    for item in items {
                        taken.push(self.value(inner, fields, item).await);
                    }
                    Value::Array(taken)
                }
                (Type::NamedType(name), _) if self.schema.is_object(name) => {
                    self.object(name, fields, value).await
                }
                (Type::NamedType(name), Value::Number(number)) if name == "LongString" => {
                    Value::from(number.to_string())
                }
                // NaN is a text in REST's answers.
                (Type::NamedType(name), Value::String(_)) if name == "Float" => Value::Null,
                _ => value.clone(),
            }
        };
        value.boxed()
    }

    /// Protobuf's default of a field that the message leaves out.
    async fn default(&mut self, of: &Type, fields: &[Field]) -> Value {
        match of {
            Type::ListType(_) => Value::Array(Vec::new()),
            Type::NamedType(name) if self.schema.is_object(name) => {
                self.object(name, fields, &Value::Null).await
            }
            Type::NamedType(name) if name == "LongString" => Value::from("0"),
            Type::NamedType(name) if name == "Boolean" => Value::from(false),
            Type::NamedType(_) | Type::NonNullType(_) => Value::from(""),
        }
    }
}
