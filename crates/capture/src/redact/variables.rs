use std::collections::BTreeMap;
use std::ffi::OsString;

use super::{REDACTED, is_secret_name, text};

/// Families of variables that change how a training runs, or say what started it.
const PREFIXES: [&str; 24] = [
    "CONDA_",
    "CUBLAS_",
    "CUDA_",
    "CUDNN_",
    "HIP_",
    "HSA_",
    "KMP_",
    "LSB_",
    "MKL_",
    "NCCL_",
    "NUMBA_",
    "NUMEXPR_",
    "NVIDIA_",
    "OMPI_COMM_",
    "OMP_",
    "OPENBLAS_",
    "PBS_",
    "PMI_",
    "PYTORCH_",
    "ROCR_",
    "SLURM_",
    "TF_",
    "TORCH_",
    "XLA_",
];

/// Single variables of the same kind.
const NAMES: [&str; 26] = [
    "CI",
    "GITHUB_ACTIONS",
    "GITHUB_REF",
    "GITHUB_REPOSITORY",
    "GITHUB_RUN_ID",
    "GITHUB_SHA",
    "GOMAXPROCS",
    "GROUP_RANK",
    "JAX_PLATFORMS",
    "JOBLIB_MULTIPROCESSING",
    "JOB_ID",
    "LANG",
    "LC_ALL",
    "LD_PRELOAD",
    "LOCAL_RANK",
    "LOCAL_WORLD_SIZE",
    "MASTER_ADDR",
    "MASTER_PORT",
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
    "PYTHONPATH",
    "RANK",
    "RAYON_NUM_THREADS",
    "TOKENIZERS_PARALLELISM",
    "VIRTUAL_ENV",
    "WORLD_SIZE",
];

/// Those variables that say how a program was started (`CUDA_*`, `OMP_*`, `SLURM_*`, `RANK`, `VIRTUAL_ENV`, …), redacted.
pub fn selected_variables(all: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<String, String> {
    all.filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        let selected =
            NAMES.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        selected.then(|| {
            let value = value.to_string_lossy();
            let value = if is_secret_name(&name) { REDACTED.to_owned() } else { text(&value) };
            (name, value)
        })
    })
    .collect()
}
