//! The files in which MLflow's model format says what a model needs to run.

/// `requirements.txt`: one requirement per line.
pub fn requirements_txt(requirements: &[String]) -> String {
    requirements.iter().map(|requirement| format!("{requirement}\n")).collect()
}

/// `conda.yaml`: an environment with this Python and these requirements from PyPI.
pub fn conda_yaml(python_version: &str, requirements: &[String]) -> String {
    let pins: String = requirements.iter().map(|requirement| format!("  - {requirement}\n")).collect();
    let pip = if pins.is_empty() { String::new() } else { format!("- pip:\n{pins}") };
    format!(
        "channels:\n- conda-forge\ndependencies:\n- python={python_version}\n- pip\n{pip}name: mlflow-env\n"
    )
}

/// `python_env.yaml`: a virtual environment with this Python and what `requirements.txt` beside it lists.
pub fn python_env_yaml(python_version: &str) -> String {
    format!(
        "python: {python_version}\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\ndependencies:\n- -r requirements.txt\n"
    )
}
