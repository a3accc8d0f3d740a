use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use trackline::own_thread;
use trackline_capture::packages;

use crate::convert::to_python;

/// The distributions that a `sys.path` makes importable, read from disk.
#[pyclass(frozen, module = "trackline._native")]
pub struct Packages(Arc<packages::Packages>);

#[pymethods]
impl Packages {
    /// Which modules they hold, which takes longer, a thread of ours looks up; who asks before it is done does so too.
    #[new]
    fn new(py: Python<'_>, sys_path: Vec<PathBuf>) -> Self {
        let found = Arc::new(py.detach(|| packages::Packages::scan(&sys_path)));
        let held = Arc::clone(&found);
        drop(own_thread::start("trackline-packages", move || held.read_modules()));
        Self(found)
    }

    /// All of them: `name` and `version`.
    fn all<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.list())
    }

    /// What has to be installed for these modules, as `name==version`.
    fn requirements(&self, py: Python<'_>, modules: Vec<String>) -> Vec<String> {
        let names: Vec<&str> = modules.iter().map(String::as_str).collect();
        py.detach(|| self.0.requirements(&names))
    }
}

/// `requirements.txt`.
#[pyfunction]
pub fn requirements_txt(requirements: Vec<String>) -> String {
    packages::requirements_txt(&requirements)
}

/// `conda.yaml`.
#[pyfunction]
pub fn conda_yaml(python_version: &str, requirements: Vec<String>) -> String {
    packages::conda_yaml(python_version, &requirements)
}

/// `python_env.yaml`.
#[pyfunction]
pub fn python_env_yaml(python_version: &str) -> String {
    packages::python_env_yaml(python_version)
}
