//! The few calls of NVML that are needed, found at run time so that nothing has to be installed.
//! Their signatures are those of `nvml.h`: <https://docs.nvidia.com/deploy/nvml-api/>.

#![allow(unsafe_code)]

mod usage;

pub(crate) use usage::Devices;

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Gpu;

/// An `nvmlReturn_t`; 0 is success.
type Return = c_int;
type Device = *mut c_void;

/// As long as any text of NVML: `NVML_DEVICE_NAME_V2_BUFFER_SIZE` is 96.
const TEXT_BYTES: usize = 128;

/// `nvmlMemory_t`
#[repr(C)]
#[derive(Default)]
struct Memory {
    total: u64,
    free: u64,
    used: u64,
}

/// The loaded library. It is never unloaded: others in this process may hold its functions too.
struct Library(*mut c_void);

impl Library {
    fn load() -> Option<Self> {
        // SAFETY: the name is a C string; running the library's initialisers is what the driver made it for.
        let library =
            unsafe { libc::dlopen(c"libnvidia-ml.so.1".as_ptr(), libc::RTLD_LAZY | libc::RTLD_LOCAL) };
        (!library.is_null()).then_some(Self(library))
    }

    /// A function of the library. `F` must be its type as `nvml.h` has it.
    fn function<F: Copy>(&self, name: &CStr) -> Option<F> {
        const { assert!(size_of::<F>() == size_of::<*mut c_void>()) };
        // SAFETY: the library stays loaded and the name is a C string.
        let address = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        // SAFETY: the address is a function's, and `F`, of the same size, is the type that its header gives it.
        (!address.is_null()).then(|| unsafe { std::mem::transmute_copy(&address) })
    }
}

/// The initialised library.
struct Nvml(Library);

/// The process that initialised it. A forked child has a copy that believes to be in use by threads that the child
/// has not got; it must leave the library alone.
static STARTED_BY: AtomicU32 = AtomicU32::new(0);

impl Nvml {
    fn start() -> Option<Self> {
        let this = process::id();
        let by = STARTED_BY.compare_exchange(0, this, Ordering::Relaxed, Ordering::Relaxed);
        if by.is_err_and(|by| by != this) {
            return None;
        }
        let library = Library::load()?;
        let init: unsafe extern "C" fn() -> Return = library.function(c"nvmlInit_v2")?;
        // SAFETY: `nvmlInit_v2` takes no argument.
        (unsafe { init() } == 0).then_some(Self(library))
    }

    fn driver(&self) -> Option<String> {
        let get: unsafe extern "C" fn(*mut c_char, c_uint) -> Return =
            self.0.function(c"nvmlSystemGetDriverVersion")?;
        // SAFETY: the buffer is as long as it is said to be.
        text(|buffer, length| unsafe { get(buffer, length) })
    }

    fn cuda(&self) -> Option<String> {
        let get: unsafe extern "C" fn(*mut c_int) -> Return =
            self.0.function(c"nvmlSystemGetCudaDriverVersion_v2")?;
        let mut version = 0;
        // SAFETY: it writes one integer.
        (unsafe { get(&mut version) } == 0).then(|| format!("{}.{}", version / 1000, version % 1000 / 10))
    }

    fn count(&self) -> Option<c_uint> {
        let get: unsafe extern "C" fn(*mut c_uint) -> Return = self.0.function(c"nvmlDeviceGetCount_v2")?;
        let mut count = 0;
        // SAFETY: it writes one integer.
        (unsafe { get(&mut count) } == 0).then_some(count)
    }

    fn device(&self, index: c_uint) -> Option<Device> {
        let get: unsafe extern "C" fn(c_uint, *mut Device) -> Return =
            self.0.function(c"nvmlDeviceGetHandleByIndex_v2")?;
        let mut device = std::ptr::null_mut();
        // SAFETY: it writes one pointer.
        (unsafe { get(index, &mut device) } == 0).then_some(device)
    }

    fn name(&self, device: Device) -> Option<String> {
        let get: unsafe extern "C" fn(Device, *mut c_char, c_uint) -> Return =
            self.0.function(c"nvmlDeviceGetName")?;
        // SAFETY: the device is one that the library gave, and the buffer is as long as it is said to be.
        text(|buffer, length| unsafe { get(device, buffer, length) })
    }

    fn memory(&self, device: Device) -> Option<Memory> {
        let get: unsafe extern "C" fn(Device, *mut Memory) -> Return =
            self.0.function(c"nvmlDeviceGetMemoryInfo")?;
        let mut memory = Memory::default();
        // SAFETY: the device is one that the library gave; it writes one `nvmlMemory_t`.
        (unsafe { get(device, &mut memory) } == 0).then_some(memory)
    }
}

impl Drop for Nvml {
    fn drop(&mut self) {
        let shutdown: Option<unsafe extern "C" fn() -> Return> = self.0.function(c"nvmlShutdown");
        if let Some(shutdown) = shutdown {
            // SAFETY: it takes no argument and undoes our own `nvmlInit_v2`; the library counts them.
            unsafe { shutdown() };
        }
    }
}

fn text(fill: impl FnOnce(*mut c_char, c_uint) -> Return) -> Option<String> {
    let mut buffer = [0u8; TEXT_BYTES];
    if fill(buffer.as_mut_ptr().cast(), TEXT_BYTES as c_uint) != 0 {
        return None;
    }
    Some(CStr::from_bytes_until_nul(&buffer).ok()?.to_string_lossy().into_owned())
}

/// The devices, or `None` without a driver that works.
pub(super) fn list() -> Option<Vec<Gpu>> {
    let nvml = Nvml::start()?;
    let (driver, cuda) = (nvml.driver().unwrap_or_default(), nvml.cuda().unwrap_or_default());
    let gpu = |index| {
        let device = nvml.device(index)?;
        Some(Gpu {
            name: nvml.name(device)?,
            memory_bytes: nvml.memory(device).unwrap_or_default().total,
            driver: driver.clone(),
            cuda: cuda.clone(),
        })
    };
    Some((0..nvml.count()?).filter_map(gpu).collect())
}
