//! The files in which MLflow's model format says what a model needs.

/// `requirements.txt`: one requirement per line.
pub fn requirements_txt(requirements: &[String]) -> String {
    requirements.join("\n")
}

/// `conda.yaml`: an environment with this Python and these requirements from PyPI.
pub fn conda_yaml(python_version: &str, requirements: &[String]) -> String {
    let mut yaml = format!("channels:\n- conda-forge\ndependencies:\n- python={python_version}\n- pip\n");
    if !requirements.is_empty() {
        yaml.push_str("- pip:\n");
        for requirement in requirements {
            yaml.push_str(&format!("  - {requirement}\n"));
        }
    }
    yaml.push_str("name: mlflow-env\n");
    yaml
}

/// `python_env.yaml`: a virtual environment with this Python and what `requirements.txt` beside it lists.
pub fn python_env_yaml(python_version: &str) -> String {
    format!(
        "python: {python_version}\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\ndependencies:\n- -r requirements.txt\n"
    )
}
