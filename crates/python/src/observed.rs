use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::dynamo::untraced;
use crate::step_gate::StepGate;

/// A function of somebody else that is observed while it is called. It has no frame: a traceback, and the line that
/// a warning names, are what they would be without it.
///
/// `begin(original, args, kwargs)` comes first, and gives the state, the arguments and the keywords of the call, or
/// None where the call is not observed; `end(state, value, error)` comes last. What they raise is raised. Neither comes while
/// `gate` is shut; one that `counts` is called with an optimizer after each of its steps.
#[pyclass(frozen, subclass, dict, weakref, module = "trackline._native")]
pub struct Observed {
    original: Py<PyAny>,
    begin: Py<PyAny>,
    end: Py<PyAny>,
    gate: Option<Py<StepGate>>,
    counts: bool,
}

#[pymethods]
impl Observed {
    #[new]
    #[pyo3(signature = (original, begin, end, gate=None, counts=false))]
    fn new(
        original: Py<PyAny>,
        begin: Py<PyAny>,
        end: Py<PyAny>,
        gate: Option<Py<StepGate>>,
        counts: bool,
    ) -> Self {
        Self { original, begin, end, gate, counts }
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let original = self.original.bind(py);
        if self.is_passed_by(py, args) {
            return original.call(args, kwargs);
        }
        let keywords = kwargs.cloned().unwrap_or_else(|| PyDict::new(py));
        let begun = untraced(py, || self.begin.bind(py).call1((original, args, keywords)))?;
        if begun.is_none() {
            return original.call(args, kwargs);
        }
        let (state, args, keywords): (Bound<'py, PyAny>, Bound<'py, PyTuple>, Bound<'py, PyDict>) =
            begun.extract()?;
        let result = original.call(args, Some(&keywords));
        untraced(py, || match &result {
            Ok(value) => self.end.bind(py).call1((state, value, py.None())),
            Err(error) => self.end.bind(py).call1((state, py.None(), error.value(py))),
        })?;
        result
    }

    /// A method of the instance it is reached through.
    fn __get__<'py>(
        slf: Bound<'py, Self>,
        instance: Option<Bound<'py, PyAny>>,
        owner: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = owner;
        match instance {
            None => Ok(slf.into_any()),
            Some(instance) => slf.py().import("types")?.getattr("MethodType")?.call1((slf, instance)),
        }
    }

    /// For `isinstance`, and with it `inspect`, `doctest` and others that ask what it is, it is what it observes.
    #[getter]
    fn __class__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.original.bind(py).getattr("__class__")
    }

    /// All that a function has besides: `__code__`, `__defaults__`, …
    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.original.bind(py).getattr(name)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.original.bind(py).repr()?.to_string())
    }

    /// Where it is found by its name, the name, as of any function. Else, and in a script, whose functions are
    /// pickled by value, it is itself again, and needs no Trackline to be loaded.
    fn __reduce__<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let module: String = slf.getattr("__module__")?.extract()?;
        let name: String = slf.getattr("__qualname__")?.extract()?;
        if module != "__main__" && is_found(&slf, &module, &name) {
            return Ok(name.into_pyobject(py)?.into_any());
        }
        let first = py.import("operator")?.getattr("itemgetter")?.call1((0,))?;
        Ok((first, ((slf.get().original.bind(py),),)).into_pyobject(py)?.into_any())
    }
}

impl Observed {
    fn is_passed_by(&self, py: Python<'_>, args: &Bound<'_, PyTuple>) -> bool {
        let Some(gate) = self.gate.as_ref().map(|gate| gate.bind(py).get()) else { return false };
        if !self.counts {
            return gate.is_shut();
        }
        args.get_item(0).is_ok_and(|optimizer| gate.counts(optimizer.as_ptr().addr()))
    }
}

/// One that stands in a module. `torch.compile` compiles the original in its place, by the name that it has for what is inside a
/// wrapper. Of a method it would then forget the instance where it cannot compile it (PyTorch 2.15).
#[pyclass(frozen, extends = Observed, module = "trackline._native")]
pub struct ObservedFunction;

#[pymethods]
impl ObservedFunction {
    #[new]
    #[pyo3(signature = (original, begin, end, gate=None, counts=false))]
    fn new(
        original: Py<PyAny>,
        begin: Py<PyAny>,
        end: Py<PyAny>,
        gate: Option<Py<StepGate>>,
        counts: bool,
    ) -> PyClassInitializer<Self> {
        PyClassInitializer::from(Observed::new(original, begin, end, gate, counts)).add_subclass(Self)
    }

    // A property of the class and nothing in the dict, which `functools.wraps` of others would copy.
    #[getter]
    fn _torchdynamo_inline<'py>(slf: &Bound<'py, Self>) -> Bound<'py, PyAny> {
        slf.as_super().get().original.bind(slf.py()).clone()
    }
}

fn is_found(observed: &Bound<'_, Observed>, module: &str, name: &str) -> bool {
    let found = || -> PyResult<Bound<'_, PyAny>> {
        let modules = observed.py().import("sys")?.getattr("modules")?;
        name.split('.').try_fold(modules.get_item(module)?, |found, part| found.getattr(part))
    };
    found().is_ok_and(|found| found.is(observed))
}
