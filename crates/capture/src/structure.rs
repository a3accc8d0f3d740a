//! The tree that a nested model is, whatever framework built it: the document `structure` of a run.

use serde::{Deserialize, Serialize};

/// One estimator, step or layer and what is nested in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The name its parent knows it by: a pipeline step (`scale`), a parameter (`estimator`), a layer; empty at the root.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The class without its module: `RandomForestClassifier`.
    pub class: String,
    /// The module of the class: `sklearn.ensemble._forest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Its parameters in the order of the class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<NodeParam>,
    /// How many numbers its parameters hold, with those of what is nested in it; a layer's or a module's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<u64>,
    /// How many of these are trained; the rest is frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trainable: Option<u64>,
    /// What kind of numbers its own parameters are: `float32`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtype: Option<String>,
    /// Where they are: `cuda:0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The shapes of the tensors that go in, batch first, as they were when it ran.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input: Vec<Vec<u64>>,
    /// The shapes of those that come out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<Vec<u64>>,
    /// What is nested in it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
}

/// A parameter of a [`Node`], values as the source language writes them (`repr`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeParam {
    /// The name of the parameter.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The value it has when it is not given; `None` when it must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

impl NodeParam {
    /// Whether the user chose this value: it differs from the default, or there is no default.
    pub fn is_set(&self) -> bool {
        self.default.as_deref() != Some(self.value.as_str())
    }
}
