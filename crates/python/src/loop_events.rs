//! The interpreter tells where the user's loops are (`sys.monitoring`): what they have computed there is looked at.

use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyAttributeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::turns::LoopValues;

/// What is called when an instruction of a watched code object is about to run.
#[pyclass(frozen, module = "trackline._native")]
pub struct LoopEvents {
    /// What the interpreter takes as: tell no more of this instruction.
    disable: Py<PyAny>,
    variable: ReadVariable,
    looks: Mutex<Looks>,
    kept: Mutex<Vec<Py<PyAny>>>,
}

/// By the address of the code object, which is kept alive, and the offset of the instruction.
type Looks = HashMap<(usize, u32), Arc<[Look]>>;

#[derive(Clone)]
struct Look {
    place: Arc<Place>,
    point: Point,
}

/// See `trackline._script.loop_points`.
#[derive(Clone, Copy)]
enum Point {
    Done,
    Last,
    DoneAfterLast,
}

struct Place {
    /// What has `see`: `LoopValues`, or an object of Python's.
    by: Py<PyAny>,
    counter: Option<Variable>,
    names: Vec<Variable>,
    wanted: AtomicBool,
    last_ran: AtomicBool,
}

struct Variable {
    name: Py<PyString>,
    is_local: bool,
}

/// `PyFrame_GetVar` of Python 3.12 and newer. Unlike `f_locals` it makes no dict of all variables, which would be the one that
/// `locals()` has given to the user. It is not in the stable ABI: <https://docs.python.org/3/c-api/frame.html>.
type ReadVariable = unsafe extern "C" fn(*mut ffi::PyFrameObject, *mut ffi::PyObject) -> *mut ffi::PyObject;

#[pymethods]
impl LoopEvents {
    #[new]
    fn new(disable: Py<PyAny>) -> PyResult<Self> {
        let variable = read_variable()
            .ok_or_else(|| PyAttributeError::new_err("this interpreter has no PyFrame_GetVar"))?;
        Ok(Self { disable, variable, looks: Mutex::default(), kept: Mutex::default() })
    }

    /// Looks at names, and at the counter of the loop, at points of a code object: offsets of instructions and what they
    /// mean.
    fn add(
        &self,
        code: &Bound<'_, PyAny>,
        by: Py<PyAny>,
        counter: Option<Bound<'_, PyString>>,
        names: Vec<Bound<'_, PyString>>,
        points: Vec<(u32, String)>,
    ) -> PyResult<()> {
        let local = local_names(code)?;
        let variable = |name: Bound<'_, PyString>| -> PyResult<Variable> {
            let is_local = local.contains(&name.to_str()?.to_owned());
            Ok(Variable { name: name.unbind(), is_local })
        };
        let place = Arc::new(Place {
            by,
            counter: counter.map(&variable).transpose()?,
            names: names.into_iter().map(&variable).collect::<PyResult<_>>()?,
            wanted: AtomicBool::new(true),
            last_ran: AtomicBool::new(false),
        });
        let mut looks = self.looks();
        for (offset, point) in points {
            let point = match point.as_str() {
                "done" => Point::Done,
                "last" => Point::Last,
                _ => Point::DoneAfterLast,
            };
            let here = looks.entry((address(code), offset)).or_insert_with(|| Arc::new([]));
            *here = here.iter().cloned().chain([Look { place: Arc::clone(&place), point }]).collect();
        }
        drop(looks);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(code.clone().unbind());
        Ok(())
    }

    /// The callback of the event `INSTRUCTION`.
    fn about_to_run<'py>(
        &self,
        code: &Bound<'py, PyAny>,
        offset: u32,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let looks = self.looks().get(&(address(code), offset)).map(Arc::clone);
        let mut wanted = false;
        for look in looks.iter().flat_map(|looks| looks.iter()) {
            if look.place.wanted.load(Ordering::Relaxed) {
                wanted |= self.look(code.py(), look)?;
            }
        }
        Ok((!wanted).then(|| self.disable.bind(code.py()).clone()))
    }
}

impl LoopEvents {
    /// Held for moments in which no Python runs, so a fork finds it free.
    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, py: Python<'_>, look: &Look) -> PyResult<bool> {
        let place = &look.place;
        match look.point {
            Point::Done => {}
            Point::Last => {
                place.last_ran.store(true, Ordering::Relaxed);
                return Ok(true);
            }
            Point::DoneAfterLast if !place.last_ran.swap(false, Ordering::Relaxed) => return Ok(true),
            Point::DoneAfterLast => {}
        }
        let counter =
            place.counter.as_ref().map_or_else(|| py.None().into_bound(py), |one| self.read(py, one));
        let values: Vec<_> = place.names.iter().map(|one| self.read(py, one)).collect();
        let by = place.by.bind(py);
        let wanted = match by.cast::<LoopValues>() {
            Ok(by) => LoopValues::see(by, &counter, values)?,
            // What is written in Python a debugger would see.
            Err(_) if is_traced(py)? => true,
            Err(_) => {
                let given: Vec<_> = [counter].into_iter().chain(values).collect();
                by.call_method1("see", PyTuple::new(py, given)?)?.is_truthy()?
            }
        };
        place.wanted.store(wanted, Ordering::Relaxed);
        Ok(wanted)
    }

    /// The value of a variable of the frame that runs, None where it has none.
    #[allow(unsafe_code)]
    fn read<'py>(&self, py: Python<'py>, variable: &Variable) -> Bound<'py, PyAny> {
        let name = variable.name.bind(py);
        let found = if variable.is_local {
            // SAFETY: the interpreter is held; the frame is the one that it runs, and outlives the call. It gives a new
            // reference, or none and an error.
            unsafe {
                let value = (self.variable)(ffi::PyEval_GetFrame(), name.as_ptr());
                Bound::from_owned_ptr_or_err(py, value).ok()
            }
        } else {
            // SAFETY: the interpreter is held, and gives a borrowed reference to the dict of the frame that it runs, or none.
            let names = unsafe { Bound::from_borrowed_ptr_or_opt(py, ffi::PyEval_GetGlobals()) };
            names.and_then(|names| names.cast_into::<PyDict>().ok()?.get_item(name).ok()?)
        };
        found.unwrap_or_else(|| py.None().into_bound(py))
    }
}

fn is_traced(py: Python<'_>) -> PyResult<bool> {
    Ok(!py.import("sys")?.call_method0("gettrace")?.is_none())
}

fn address(code: &Bound<'_, PyAny>) -> usize {
    code.as_ptr() as usize
}

/// Those of a function; a module has none, but for comprehensions that are put into its code.
fn local_names(code: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    const OPTIMIZED: i64 = 0x1; // inspect.CO_OPTIMIZED
    let mut names = Vec::new();
    if code.getattr("co_flags")?.extract::<i64>()? & OPTIMIZED == 0 {
        return Ok(names);
    }
    for of_kind in ["co_varnames", "co_cellvars", "co_freevars"] {
        names.extend(code.getattr(of_kind)?.extract::<Vec<String>>()?);
    }
    Ok(names)
}

#[allow(unsafe_code)]
fn read_variable() -> Option<ReadVariable> {
    // SAFETY: the name ends with a zero byte, and a function of that name has this signature.
    unsafe {
        let found: *mut c_void = libc::dlsym(libc::RTLD_DEFAULT, c"PyFrame_GetVar".as_ptr());
        (!found.is_null()).then(|| std::mem::transmute::<*mut c_void, ReadVariable>(found))
    }
}
