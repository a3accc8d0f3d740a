//! `estimator.html`: a nested estimator as a page of its own, without scripts, for light and dark.

use std::borrow::Cow;

use crate::structure::{Node, NodeParam};

const STYLE: &str = include_str!("estimator.css");

/// Deeper nesting than this is cut: nobody reads it, and a page that recurses without end must not be made.
const MAX_DEPTH: usize = 16;

/// The page: every estimator as a box with its class, the parameters that were chosen, the rest folded, and what is
/// nested in it.
pub fn estimator(root: &Node) -> String {
    let title = escaped(&root.class);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    node(&mut page, root, 0);
    page.push_str("</body>\n</html>\n");
    page
}

fn node(page: &mut String, node: &Node, depth: usize) {
    page.push_str("<section class=\"node\">\n");
    header(page, node);
    let (chosen, rest): (Vec<_>, Vec<_>) = node.params.iter().partition(|param| param.is_set());
    params(page, &chosen, "params chosen");
    if !rest.is_empty() {
        let plural = if rest.len() == 1 { "" } else { "s" };
        page.push_str(&format!("<details><summary>{} default{plural}</summary>\n", rest.len()));
        params(page, &rest, "params");
        page.push_str("</details>\n");
    }
    children(page, node, depth);
    page.push_str("</section>\n");
}

fn header(page: &mut String, node: &Node) {
    page.push_str("<header>");
    if !node.name.is_empty() {
        page.push_str(&format!("<span class=\"name\">{}:</span>", escaped(&node.name)));
    }
    page.push_str(&format!("<span class=\"class\">{}</span>", escaped(&node.class)));
    if let Some(module) = &node.module {
        page.push_str(&format!("<span class=\"module\">{}</span>", escaped(module)));
    }
    page.push_str("</header>\n");
}

fn params(page: &mut String, params: &[&NodeParam], class: &str) {
    if params.is_empty() {
        return;
    }
    page.push_str(&format!("<dl class=\"{class}\">\n"));
    for param in params {
        page.push_str(&format!("<dt>{}</dt><dd>{}", escaped(&param.name), escaped(&param.value)));
        if let Some(default) = param.default.as_ref().filter(|_| param.is_set()) {
            page.push_str(&format!(" <span class=\"was\">(default {})</span>", escaped(default)));
        }
        page.push_str("</dd>\n");
    }
    page.push_str("</dl>\n");
}

fn children(page: &mut String, parent: &Node, depth: usize) {
    if parent.children.is_empty() {
        return;
    }
    if depth == MAX_DEPTH {
        page.push_str(&format!("<p class=\"name\">{} more inside</p>\n", parent.children.len()));
        return;
    }
    // The steps of a pipeline run one after the other; other children stand side by side.
    let class = if parent.class.ends_with("Pipeline") { "children steps" } else { "children" };
    page.push_str(&format!("<div class=\"{class}\">\n"));
    for child in &parent.children {
        node(page, child, depth + 1);
    }
    page.push_str("</div>\n");
}

fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let escape = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    };
    Cow::Owned(text.chars().map(escape).collect())
}
