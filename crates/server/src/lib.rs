//! The HTTP server: MLflow's REST surface, the page and the page's own endpoints.
