use std::fmt::{self, Display};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use serde::ser::{
    Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

/// A serializer whose output are Python objects. Enum variants with fields are refused: no entity has them.
#[derive(Clone, Copy)]
pub struct ToPython<'py>(pub Python<'py>);

/// What Python said while an object was built.
#[derive(Debug)]
pub struct ConvertError(PyErr);

impl Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ConvertError {}

impl serde::ser::Error for ConvertError {
    fn custom<T: Display>(message: T) -> Self {
        Self(PyValueError::new_err(message.to_string()))
    }
}

impl From<PyErr> for ConvertError {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

impl From<ConvertError> for PyErr {
    fn from(error: ConvertError) -> Self {
        error.0
    }
}

type Object<'py> = Bound<'py, PyAny>;

macro_rules! plain {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<Object<'py>, ConvertError> {
            Ok(value.into_pyobject(self.0).map_err(PyErr::from)?.to_owned().into_any())
        }
    )*};
}

impl<'py> Serializer for ToPython<'py> {
    type Ok = Object<'py>;
    type Error = ConvertError;
    type SerializeSeq = List<'py>;
    type SerializeTuple = List<'py>;
    type SerializeTupleStruct = Impossible<Object<'py>, ConvertError>;
    type SerializeTupleVariant = Impossible<Object<'py>, ConvertError>;
    type SerializeMap = Dict<'py>;
    type SerializeStruct = Dict<'py>;
    type SerializeStructVariant = Impossible<Object<'py>, ConvertError>;

    plain!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_str: &str
    );

    fn serialize_bytes(self, value: &[u8]) -> Result<Object<'py>, ConvertError> {
        Ok(PyBytes::new(self.0, value).into_any())
    }

    fn serialize_none(self) -> Result<Object<'py>, ConvertError> {
        Ok(self.0.None().into_bound(self.0))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Object<'py>, ConvertError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Object<'py>, ConvertError> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Object<'py>, ConvertError> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Object<'py>, ConvertError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Object<'py>, ConvertError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _value: &T,
    ) -> Result<Object<'py>, ConvertError> {
        Err(refused(variant))
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<List<'py>, ConvertError> {
        Ok(List(PyList::empty(self.0)))
    }

    fn serialize_tuple(self, _len: usize) -> Result<List<'py>, ConvertError> {
        Ok(List(PyList::empty(self.0)))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleStruct, ConvertError> {
        Err(refused(name))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, ConvertError> {
        Err(refused(variant))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Dict<'py>, ConvertError> {
        Ok(Dict { dict: PyDict::new(self.0), key: None })
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Dict<'py>, ConvertError> {
        Ok(Dict { dict: PyDict::new(self.0), key: None })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, ConvertError> {
        Err(refused(variant))
    }
}

fn refused(what: &str) -> ConvertError {
    serde::ser::Error::custom(format!("`{what}` has no plain form in Python"))
}

/// A list that is being filled.
pub struct List<'py>(Bound<'py, PyList>);

impl<'py> SerializeSeq for List<'py> {
    type Ok = Object<'py>;
    type Error = ConvertError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        let item = value.serialize(ToPython(self.0.py()))?;
        Ok(self.0.append(item)?)
    }

    fn end(self) -> Result<Object<'py>, ConvertError> {
        Ok(self.0.into_any())
    }
}

impl<'py> SerializeTuple for List<'py> {
    type Ok = Object<'py>;
    type Error = ConvertError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Object<'py>, ConvertError> {
        SerializeSeq::end(self)
    }
}

/// A dict that is being filled.
pub struct Dict<'py> {
    dict: Bound<'py, PyDict>,
    key: Option<Object<'py>>,
}

impl<'py> SerializeMap for Dict<'py> {
    type Ok = Object<'py>;
    type Error = ConvertError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ConvertError> {
        self.key = Some(key.serialize(ToPython(self.dict.py()))?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        let value = value.serialize(ToPython(self.dict.py()))?;
        Ok(self.dict.set_item(self.key.take(), value)?)
    }

    fn end(self) -> Result<Object<'py>, ConvertError> {
        Ok(self.dict.into_any())
    }
}

impl<'py> SerializeStruct for Dict<'py> {
    type Ok = Object<'py>;
    type Error = ConvertError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ConvertError> {
        let value = value.serialize(ToPython(self.dict.py()))?;
        Ok(self.dict.set_item(name, value)?)
    }

    fn end(self) -> Result<Object<'py>, ConvertError> {
        Ok(self.dict.into_any())
    }
}
