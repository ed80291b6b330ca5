//! An upload as the console command that does the same. No secret is in it: connections are named, never described.

use super::Engine;
use gantry_model::table::TableUse;
use gantry_model::view::{Grouping, ManifestPlan, Plan, Register, TableWish};
use gantry_model::{Incoming, Problem};
use std::path::PathBuf;

impl Engine {
    /// The console command that does the same.
    ///
    /// # Errors
    /// There is no such upload, or the journal could not be read.
    pub fn command(&self, upload: &str) -> Result<String, Problem> {
        let stored = self.0.stored(&self.0.find(upload)?)?;
        if let (Some(manifest), Some(register)) = (&stored.begun.plan.manifest, &stored.begun.plan.register) {
            return Ok(Words::submit(&stored.begun.incoming.paths, manifest, register));
        }
        Ok(Words::send(&stored.begun.plan, &stored.begun.incoming, &self.default_plan().names))
    }
}

struct Words(Vec<String>);

impl Words {
    /// `names`: the template that the console takes when none is said.
    fn send(plan: &Plan, incoming: &Incoming, names: &str) -> String {
        let mut words = Self(vec!["gantryctl".to_owned(), "send".to_owned()]);
        words.paths(&incoming.paths);
        let own = plan.register.as_ref().filter(|_| plan.own_storage());
        words.value("--to", &joined(&plan.connection, own.map_or(&plan.prefix, |register| &register.target.container)));
        if let Some(register) = &plan.register {
            words.register(register, plan.own_storage());
            words.tables(&plan.tables, &incoming.tables);
        }
        if plan.names != names {
            words.value("--names", &plan.names);
        }
        if plan.on_clash != "keep" {
            words.some("--on-clash", &plan.on_clash);
        }
        words.taking(plan, incoming);
        words.some("--fix", &plan.fixes.iter().map(|fix| fix.word()).collect::<Vec<_>>().join(","));
        words.some("--confirm", &plan.confirmed.join(","));
        words.flag("--yes", true);
        words.0.join(" ")
    }

    /// The command that registers a manifest.
    fn submit(paths: &[PathBuf], manifest: &ManifestPlan, register: &Register) -> String {
        let mut words = Self(vec!["gantryctl".to_owned(), "submit".to_owned()]);
        words.paths(paths);
        words.value("--as", &manifest.form);
        for (column, field) in &manifest.map {
            words.value("--map", &format!("{column}={field}"));
        }
        words.value("--register", &joined(&register.connection, &register.target.container));
        words.some("--integration", &register.target.integration);
        words.some("--batch", &register.target.batch);
        words.flag("--yes", true);
        words.0.join(" ")
    }

    fn register(&mut self, register: &Register, own_storage: bool) {
        if !own_storage {
            self.value("--register", &joined(&register.connection, &register.target.container));
        }
        self.some("--integration", &register.target.integration);
        self.some("--batch", &register.target.batch);
        let group = match register.grouping {
            Grouping::File => "",
            Grouping::Folder => "folder",
            Grouping::Number => "number",
            Grouping::Sensors => "sensors",
        };
        self.some("--group", group);
        if register.presigned_days > 0 {
            self.value("--presign", &register.presigned_days.to_string());
        }
        for (field, value) in &register.metadata {
            self.value("--meta", &format!("{field}={value}"));
        }
        if register.priority != 0 {
            self.value("--priority", &register.priority.to_string());
        }
    }

    fn tables(&mut self, wishes: &[TableWish], beside: &[PathBuf]) {
        for path in beside {
            self.value("--table", &path.to_string_lossy());
        }
        let all_files = wishes.iter().any(|wish| wish.path.is_empty() && wish.usage == TableUse::File);
        self.flag("--no-tables", all_files && beside.is_empty());
        for (column, goes) in wishes.iter().filter(|wish| wish.usage != TableUse::File).flat_map(|wish| &wish.columns) {
            self.value("--map", &format!("{column}={goes}"));
        }
    }

    fn taking(&mut self, plan: &Plan, incoming: &Incoming) {
        self.flag("--contents", incoming.contents);
        for pattern in &incoming.include {
            self.value("--include", pattern);
        }
        for pattern in incoming.exclude.iter().chain(&plan.exclude) {
            self.value("--exclude", pattern);
        }
        self.flag("--include-hidden", plan.include_hidden || incoming.include_hidden);
        if plan.every > 1 {
            self.value("--every", &plan.every.to_string());
        }
    }

    fn paths(&mut self, paths: &[PathBuf]) {
        self.0.extend(paths.iter().map(|path| quoted(&path.to_string_lossy())));
    }

    fn flag(&mut self, option: &str, said: bool) {
        if said {
            self.0.push(option.to_owned());
        }
    }

    fn some(&mut self, option: &str, value: &str) {
        if !value.is_empty() {
            self.value(option, value);
        }
    }

    /// A value that begins with a dash stands with an equals sign, or it would be taken for an option.
    fn value(&mut self, option: &str, value: &str) {
        if value.starts_with('-') {
            self.0.push(format!("{option}={}", quoted(value)));
        } else {
            self.0.extend([option.to_owned(), quoted(value)]);
        }
    }
}

fn joined(connection: &str, below: &str) -> String {
    if below.is_empty() { connection.to_owned() } else { format!("{connection}/{below}") }
}

/// One word for a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_model::{Fix, Target};

    fn plan() -> Plan {
        Plan { connection: "bucket".into(), names: "{prefix}/{relative_path}".into(), on_clash: "keep".into(), ..Plan::default() }
    }

    fn said(plan: &Plan, incoming: &Incoming) -> String {
        Words::send(plan, incoming, "{prefix}/{relative_path}")
    }

    #[test]
    fn a_plain_upload_is_a_short_command() {
        let incoming = Incoming { paths: vec!["/data/day 1".into()], ..Incoming::default() };
        let plan = Plan { prefix: "raw/it's".into(), ..plan() };
        assert_eq!(said(&plan, &incoming), r"gantryctl send '/data/day 1' --to 'bucket/raw/it'\''s' --yes");
    }

    #[test]
    fn where_rows_go_is_said_with_all_that_was_chosen() {
        let target = Target { container: "c1".into(), integration: "i 1".into(), batch: "b".into() };
        let register = Register {
            connection: "labelbox".into(),
            target,
            grouping: Grouping::Folder,
            presigned_days: 7,
            metadata: vec![("city".into(), "Köln".into())],
            priority: -1,
            ..Register::default()
        };
        let wish = TableWish { columns: vec![("url".into(), "attachment:image".into())], ..TableWish::default() };
        let plan = Plan { register: Some(register), tables: vec![wish], ..plan() };
        let incoming = Incoming { paths: vec!["/d".into()], tables: vec!["/about.csv".into()], ..Incoming::default() };
        assert_eq!(
            said(&plan, &incoming),
            "gantryctl send /d --to bucket --register labelbox/c1 --integration 'i 1' --batch b --group folder --presign 7 \
             --meta 'city=Köln' --priority=-1 --table /about.csv --map url=attachment:image --yes"
        );
    }

    #[test]
    fn a_platforms_own_storage_is_the_destination_itself() {
        let target = Target { container: "acme/birds".into(), ..Target::default() };
        let register = Register { connection: "segments".into(), target, ..Register::default() };
        let wish = TableWish { usage: TableUse::File, ..TableWish::default() };
        let plan = Plan { connection: "segments".into(), register: Some(register), tables: vec![wish], ..plan() };
        let incoming = Incoming { paths: vec!["/d".into()], ..Incoming::default() };
        assert_eq!(said(&plan, &incoming), "gantryctl send /d --to segments/acme/birds --no-tables --yes");
    }

    #[test]
    fn what_was_left_out_and_mended_is_said() {
        let incoming = Incoming {
            paths: vec!["/d".into()],
            contents: true,
            include: vec!["*.png".into()],
            exclude: vec!["a*".into()],
            ..Incoming::default()
        };
        let plan = Plan {
            names: "{name}".into(),
            on_clash: "replace".into(),
            exclude: vec!["b*".into()],
            every: 5,
            fixes: vec![Fix::ALL[0]],
            ..plan()
        };
        let fix = Fix::ALL[0].word();
        assert_eq!(
            said(&plan, &incoming),
            format!(
                "gantryctl send /d --to bucket --names '{{name}}' --on-clash replace --contents --include '*.png' \
                 --exclude 'a*' --exclude 'b*' --every 5 --fix {fix} --yes"
            )
        );
    }
}
