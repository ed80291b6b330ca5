//! Lists of a million rows, a stretch at a time: any place is found without walking there from the beginning.
//! Lists with few rows are remembered whole, long ones by a mark at every thousandth row.

use super::Journal;
use super::details::{STORED, StoredItem};
use super::rows::{to_db, unsigned};
use super::tally::{Books, OPEN_INDEX, books};
use super::uploads::{UploadId, number};
use gantry_model::view::{Filter, ItemPage};
use gantry_model::{Problem, State, show};
use rusqlite::types::Value;
use rusqlite::{Connection, Result, Row, params_from_iter};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use unicode_normalization::UnicodeNormalization;

/// Rows from one mark to the next.
const STRIDE: u64 = 1000;
/// Lists up to this long are remembered whole: 400 kB.
const WHOLE: usize = 50_000;
/// Lists that are remembered at a time.
const LISTS: usize = 8;
/// No stretch is longer than this.
const MOST_ROWS: u64 = 10_000;

/// The lists that were asked for lately.
#[derive(Default)]
pub(super) struct Lists(Vec<Arc<List>>);

struct List {
    upload: i64,
    filter: Filter,
    books: Books,
    made: Instant,
    cost: Duration,
    total: u64,
    rows: Rows,
}

enum Rows {
    Whole(Vec<u64>),
    Marks(Vec<(String, u64)>),
}

impl List {
    /// It still says which rows there are. While items move, a list that was dear to make is a little late.
    fn holds(&self, now: &Books) -> bool {
        self.is_exact(now) || (self.books.shape == now.shape && self.made.elapsed() < self.cost * 4)
    }

    fn is_exact(&self, now: &Books) -> bool {
        let follows_states = !self.filter.states.is_empty() || !self.filter.code.is_empty();
        self.books.shape == now.shape && (!follows_states || self.books.revision == now.revision)
    }
}

impl Journal {
    /// A stretch of the items that match, in byte order of their keys. What was left out in the review is not among them.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn page(&self, upload: &UploadId, filter: &Filter, first: u64, count: u64) -> std::result::Result<ItemPage, Problem> {
        self.read("page", |db| {
            let upload = number(db, upload)?;
            let books = books(db, upload)?;
            let list = match self.known_list(upload, filter, &books) {
                Some(list) => list,
                None => self.keep_list(scan(db, upload, filter, books)?),
            };
            let items = stretch(db, &list, first, count.min(MOST_ROWS))?;
            let rows = items.iter().map(StoredItem::row).collect();
            Ok(ItemPage { total: list.total, first, rows, late: !list.is_exact(&books) })
        })
    }

    fn known_list(&self, upload: i64, filter: &Filter, now: &Books) -> Option<Arc<List>> {
        let mut lists = self.inner.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let at = lists.0.iter().position(|list| list.upload == upload && list.filter == *filter)?;
        let list = lists.0.remove(at);
        if !list.holds(now) {
            return None;
        }
        lists.0.push(Arc::clone(&list));
        Some(list)
    }

    fn keep_list(&self, list: List) -> Arc<List> {
        let list = Arc::new(list);
        let mut lists = self.inner.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.0.len() >= LISTS {
            lists.0.remove(0);
        }
        lists.0.push(Arc::clone(&list));
        list
    }
}

/// Looks at every row once, and remembers where they are.
fn scan(db: &Connection, upload: i64, filter: &Filter, books: Books) -> Result<List> {
    let made = Instant::now();
    let sought = Sought::new(&filter.find);
    let query = Query::new(upload, filter);
    let columns = if sought.is_some() { "ord, key, path" } else { "ord, key" };
    let mut statement = db.prepare_cached(&query.text(columns))?;
    let mut found = statement.query(params_from_iter(&query.values))?;
    let (mut total, mut whole, mut marks) = (0, Vec::new(), Vec::new());
    while let Some(row) = found.next()? {
        if !passes(sought.as_ref(), row, 2)? {
            continue;
        }
        let ord = unsigned(row, 0)?;
        if whole.len() <= WHOLE {
            whole.push(ord);
        }
        if total % STRIDE == 0 {
            marks.push((row.get(1)?, ord));
        }
        total += 1;
    }
    let rows = if whole.len() <= WHOLE { Rows::Whole(whole) } else { Rows::Marks(marks) };
    Ok(List { upload, filter: filter.clone(), books, made, cost: made.elapsed(), total, rows })
}

fn stretch(db: &Connection, list: &List, first: u64, count: u64) -> Result<Vec<StoredItem>> {
    let at = usize::try_from(first).unwrap_or(usize::MAX);
    match &list.rows {
        Rows::Whole(ords) => {
            let end = at.saturating_add(count as usize).min(ords.len());
            let mut statement = db.prepare_cached(&format!("SELECT {STORED} FROM item WHERE upload = ?1 AND ord = ?2"))?;
            let ords = ords.get(at..end).unwrap_or_default();
            ords.iter().map(|ord| statement.query_row([list.upload, to_db(*ord)], StoredItem::read)).collect()
        }
        Rows::Marks(marks) => match marks.get(at / STRIDE as usize) {
            Some(mark) => from_mark(db, list, mark, first % STRIDE, count),
            None => Ok(Vec::new()),
        },
    }
}

fn from_mark(db: &Connection, list: &List, mark: &(String, u64), skip: u64, count: u64) -> Result<Vec<StoredItem>> {
    let sought = Sought::new(&list.filter.find);
    let mut query = Query::new(list.upload, &list.filter);
    query.begin_at(mark);
    let mut statement = db.prepare_cached(&query.text(STORED))?;
    let mut found = statement.query(params_from_iter(&query.values))?;
    let (mut left, mut items) = (skip, Vec::new());
    while (items.len() as u64) < count
        && let Some(row) = found.next()?
    {
        if !passes(sought.as_ref(), row, 3)? {
            continue;
        }
        if left > 0 {
            left -= 1;
        } else {
            items.push(StoredItem::read(row)?);
        }
    }
    Ok(items)
}

/// A filter as SQL.
struct Query {
    index: &'static str,
    matching: String,
    values: Vec<Value>,
}

impl Query {
    fn new(upload: i64, filter: &Filter) -> Self {
        const OPEN: [State; 4] = [State::Blocked, State::Clash, State::NeedsYou, State::SetAside];
        let mut query = Self { index: "item_key", matching: String::new(), values: vec![Value::Integer(upload)] };
        let mut open = !filter.states.is_empty() && filter.states.iter().all(|state| OPEN.contains(state));
        if !filter.states.is_empty() {
            let words: Vec<String> = filter.states.iter().map(|state| format!("'{}'", state.word())).collect();
            query.matching.push_str(&format!(" AND state IN ({})", words.join(", ")));
        }
        if !filter.code.is_empty() {
            open = true;
            let code = query.value(Value::Text(filter.code.clone()));
            query.matching.push_str(&format!(" AND state IN ('needs_you', 'set_aside') AND code = {code}"));
        }
        if open {
            // The words of the index itself: without them it may not be used.
            query.index = "item_open";
            query.matching.push_str(&format!(" AND {OPEN_INDEX}"));
        }
        if !filter.rule.is_empty() {
            let rule = query.value(Value::Text(filter.rule.clone()));
            query.matching.push_str(&format!(" AND ord IN (SELECT ord FROM finding WHERE upload = ?1 AND rule = {rule})"));
        }
        if filter.untold {
            let told = "SELECT 1 FROM known WHERE known.upload = ?1 AND known.ord = item.ord";
            query.matching.push_str(&format!(" AND NOT EXISTS ({told})"));
        }
        if filter.folder != 0 {
            let folder = query.value(Value::Integer(to_db(filter.folder)));
            query.matching.push_str(&format!(
                " AND folder IN (WITH RECURSIVE below (id) AS (VALUES ({folder}) UNION ALL SELECT folder.id FROM folder
                 JOIN below ON folder.upload = ?1 AND folder.parent = below.id) SELECT id FROM below)"
            ));
        }
        query
    }

    fn begin_at(&mut self, (key, ord): &(String, u64)) {
        let key = self.value(Value::Text(key.clone()));
        let ord = self.value(Value::Integer(to_db(*ord)));
        self.matching.push_str(&format!(" AND (key, ord) >= ({key}, {ord})"));
    }

    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn text(&self, columns: &str) -> String {
        let Self { index, matching, .. } = self;
        format!("SELECT {columns} FROM item INDEXED BY {index} WHERE upload = ?1 AND left_out = 0{matching} ORDER BY key, ord")
    }
}

fn passes(sought: Option<&Sought>, row: &Row<'_>, path: usize) -> Result<bool> {
    Ok(match sought {
        None => true,
        Some(sought) => sought.is_in(row.get_ref(path)?.as_blob()?),
    })
}

/// A text that paths are searched for: capitals and the way of writing accents make no difference.
pub(super) struct Sought(String);

impl Sought {
    /// `None` when there is nothing to search for.
    pub(super) fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(folded(text)))
    }

    pub(super) fn is_in(&self, path: &[u8]) -> bool {
        if path.is_ascii() && self.0.is_ascii() && !path.iter().any(u8::is_ascii_control) {
            let sought = self.0.as_bytes();
            return path.windows(sought.len()).any(|part| part.eq_ignore_ascii_case(sought));
        }
        folded(&show::path(path)).contains(&self.0)
    }
}

fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).nfc().collect()
}
