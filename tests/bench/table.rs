//! Tables in Markdown: what each client cost, gantryctl's ratio to it, and which goals were reached.

use crate::measure::{Cost, median};
use std::fmt::Write as _;

/// A client with its medians.
#[derive(Debug)]
pub struct Row {
    name: &'static str,
    cost: Cost,
}

impl Row {
    /// The medians of some runs; none without runs.
    pub fn new(name: &'static str, costs: &[Cost]) -> Option<Self> {
        Some(Self { name, cost: median(costs)? })
    }
}

/// What gantryctl has to reach. Times are ratios, since machines differ.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// Wall time against another client's, at most this ratio.
    Wall(&'static str, &'static str, f64),
    /// Processor time against another client's, at most this ratio.
    Cpu(&'static str, &'static str, f64),
    /// Peak memory, bytes.
    Peak(&'static str, u64),
    /// Requests.
    Requests(&'static str, u64),
    /// Seconds from start to end.
    Within(&'static str, f64),
    /// Seconds to the first output.
    First(&'static str, f64),
}

/// The whole text of one case.
pub fn table(name: &str, title: &str, quick: bool, rows: &[Row], goals: &[Goal]) -> String {
    let mut out = format!("## {name}: {title}\n\n");
    if quick {
        out.push_str("Quick: a tenth of the amount, one round. It shows that it works, not how fast.\n\n");
    }
    out.push_str(
        "| client | wall s | CPU s | peak MB | requests | first output s | gantryctl's wall to it | gantryctl's CPU to it |\n",
    );
    out.push_str("|---|---:|---:|---:|---:|---:|---:|---:|\n");
    let own = rows.iter().find(|row| row.name == "gantryctl");
    for row in rows {
        let ratio = |of: fn(&Cost) -> f64| own.map_or_else(|| "-".into(), |own| format!("{:.2}", of(&own.cost) / of(&row.cost)));
        let _ = writeln!(
            out,
            "| {} | {:.2} | {:.2} | {:.0} | {} | {} | {} | {} |",
            row.name,
            wall(&row.cost),
            cpu(&row.cost),
            row.cost.peak as f64 / 1e6,
            row.cost.requests.map_or_else(|| "-".into(), |count| count.to_string()),
            row.cost.first.map_or_else(|| "-".into(), |first| format!("{:.2}", first.as_secs_f64())),
            ratio(wall),
            ratio(cpu),
        );
    }
    out.push('\n');
    if let Some(own) = own {
        for goal in goals {
            out.push_str(&judged(*goal, own, rows));
        }
        out.push('\n');
    }
    out
}

fn wall(cost: &Cost) -> f64 {
    cost.wall.as_secs_f64()
}

fn cpu(cost: &Cost) -> f64 {
    cost.cpu.as_secs_f64()
}

fn judged(goal: Goal, own: &Row, rows: &[Row]) -> String {
    let to = |peer: &str, of: fn(&Cost) -> f64| {
        let peer = rows.iter().find(|row| row.name == peer)?;
        Some(of(&own.cost) / of(&peer.cost))
    };
    let (text, value, limit, shown) = match goal {
        Goal::Wall(text, peer, limit) => (text, to(peer, wall), limit, 2),
        Goal::Cpu(text, peer, limit) => (text, to(peer, cpu), limit, 2),
        Goal::Peak(text, limit) => (text, Some(own.cost.peak as f64 / 1e6), limit as f64 / 1e6, 0),
        Goal::Requests(text, limit) => (text, own.cost.requests.map(|count| count as f64), limit as f64, 0),
        Goal::Within(text, limit) => (text, Some(wall(&own.cost)), limit, 1),
        Goal::First(text, limit) => (text, own.cost.first.map(|first| first.as_secs_f64()), limit, 2),
    };
    match value {
        Some(value) => {
            let word = if value <= limit { "reached" } else { "MISSED" };
            format!("- {text}: {value:.shown$}, {word}\n")
        }
        None => format!("- {text}: not measured\n"),
    }
}
