//! Enough of GraphQL to answer by root field whatever the operation is called: fields, arguments, variables, inline
//! fragments. <https://spec.graphql.org/October2021/>

use serde_json::{Map, Value, json};

/// A field that is asked for, with its arguments filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Field {
    /// The name that the answer gets.
    pub(crate) alias: String,
    pub(crate) name: String,
    pub(crate) arguments: Map<String, Value>,
    pub(crate) fields: Vec<Field>,
    /// The type of the inline fragment that it stands in.
    pub(crate) only_on: Option<String>,
}

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) mutation: bool,
    pub(crate) fields: Vec<Field>,
}

/// What is wrong with a document: the code of the answer, and its words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong(pub(crate) &'static str, pub(crate) String);

const PARSE: &str = "GRAPHQL_PARSE_FAILED";
const VALIDATION: &str = "GRAPHQL_VALIDATION_FAILED";

impl Field {
    /// The field inside with this name.
    pub(crate) fn field(&self, name: &str) -> Option<&Self> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// An argument, null when it is not given. Steps lead into objects.
    pub(crate) fn argument(&self, steps: &[&str]) -> Value {
        let Some((first, rest)) = steps.split_first() else { return Value::Null };
        rest.iter().fold(self.arguments.get(*first).cloned().unwrap_or_default(), |value, step| value[*step].clone())
    }

    /// What is asked for of a value; an unknown field is refused, as a server refuses it before it answers.
    pub(crate) fn of(&self, value: &Value) -> Result<Value, Wrong> {
        match value {
            Value::Array(all) => all.iter().map(|one| self.of(one)).collect::<Result<Vec<_>, _>>().map(Value::Array),
            Value::Object(all) if !self.fields.is_empty() => {
                let mut told = Map::new();
                for field in &self.fields {
                    let fits = field.only_on.as_ref().is_none_or(|kind| all.get("__typename").is_some_and(|own| own == kind));
                    match all.get(&field.name) {
                        _ if !fits => {}
                        Some(value) => {
                            told.insert(field.alias.clone(), field.of(value)?);
                        }
                        None => {
                            return Err(Wrong(
                                VALIDATION,
                                format!("Cannot query field \"{}\" on \"{}\".", field.name, self.name),
                            ));
                        }
                    }
                }
                Ok(Value::Object(told))
            }
            other => Ok(other.clone()),
        }
    }
}

/// Reads a document with one operation.
pub(crate) fn parse(text: &str, variables: &Value) -> Result<Operation, Wrong> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens, at: 0, variables, declared: Vec::new() };
    let mutation = match reader.peek() {
        Some("query" | "mutation") => reader.next()? == "mutation",
        _ => false,
    };
    if reader.peek().is_some_and(|token| token != "{" && token != "(") {
        reader.next()?;
    }
    if reader.peek() == Some("(") {
        reader.declarations()?;
    }
    let fields = reader.selection(None)?;
    if let Some(more) = reader.peek() {
        return Err(Wrong(PARSE, format!("Syntax Error: Unexpected \"{more}\".")));
    }
    Ok(Operation { mutation, fields })
}

fn tokens(text: &str) -> Result<Vec<String>, Wrong> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        match first {
            _ if first.is_whitespace() || first == ',' || first == '\u{feff}' => {}
            '#' => while rest.next_if(|c| *c != '\n').is_some() {},
            '"' => found.push(string(&mut rest)?),
            '.' => {
                let dots: String = std::iter::from_fn(|| rest.next_if_eq(&'.')).collect();
                if dots != ".." {
                    return Err(Wrong(PARSE, "Syntax Error: Unexpected \".\".".to_owned()));
                }
                found.push("...".to_owned());
            }
            '{' | '}' | '(' | ')' | '[' | ']' | ':' | '!' | '$' | '=' | '@' => found.push(first.to_string()),
            _ if first.is_ascii_alphanumeric() || first == '_' || first == '-' => {
                let more = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
                let word = std::iter::once(first).chain(std::iter::from_fn(|| rest.next_if(more)));
                found.push(word.collect());
            }
            _ => return Err(Wrong(PARSE, format!("Syntax Error: Cannot parse the unexpected character \"{first}\"."))),
        }
    }
    Ok(found)
}

/// A string in quotes; its token begins with a quote, so that no word is taken for it.
fn string(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, Wrong> {
    let mut inside = String::from("\"");
    while let Some(next) = rest.next() {
        match next {
            '"' => {
                inside.push('"');
                return serde_json::from_str::<String>(&inside).map(|text| format!("\"{text}")).map_err(|_| unterminated());
            }
            '\\' => {
                inside.push('\\');
                inside.extend(rest.next());
            }
            other => inside.push(other),
        }
    }
    Err(unterminated())
}

fn unterminated() -> Wrong {
    Wrong(PARSE, "Syntax Error: Unterminated string.".to_owned())
}

struct Reader<'a> {
    tokens: Vec<String>,
    at: usize,
    variables: &'a Value,
    declared: Vec<String>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Result<String, Wrong> {
        let token = self.peek().map(str::to_owned).ok_or_else(|| Wrong(PARSE, "Syntax Error: Unexpected <EOF>.".to_owned()));
        self.at += 1;
        token
    }

    fn expect(&mut self, wanted: &str) -> Result<(), Wrong> {
        let token = self.next()?;
        if token == wanted {
            Ok(())
        } else {
            Err(Wrong(PARSE, format!("Syntax Error: Expected \"{wanted}\", found \"{token}\".")))
        }
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    /// `($name: Type!, …)`: every variable that may not be null is there.
    fn declarations(&mut self) -> Result<(), Wrong> {
        self.expect("(")?;
        while !self.takes(")") {
            self.expect("$")?;
            let name = self.next()?;
            self.expect(":")?;
            let lists = std::iter::from_fn(|| self.takes("[").then_some(())).count();
            let kind = self.next()?;
            let mut needed = self.takes("!");
            for _ in 0..lists {
                self.expect("]")?;
                needed = self.takes("!");
            }
            // The file of an upload comes as a part of its own.
            if needed && kind != "Upload" && self.variables[&name].is_null() {
                let words = format!("Variable \"${name}\" of required type \"{kind}!\" was not provided.");
                return Err(Wrong(VALIDATION, words));
            }
            self.declared.push(name);
        }
        Ok(())
    }

    fn selection(&mut self, only_on: Option<&str>) -> Result<Vec<Field>, Wrong> {
        self.expect("{")?;
        let mut fields = Vec::new();
        while !self.takes("}") {
            if self.takes("...") {
                self.expect("on")?;
                let kind = self.next()?;
                fields.extend(self.selection(Some(&kind))?);
            } else {
                fields.push(self.field(only_on)?);
            }
        }
        Ok(fields)
    }

    fn field(&mut self, only_on: Option<&str>) -> Result<Field, Wrong> {
        let alias = self.next()?;
        let name = if self.takes(":") { self.next()? } else { alias.clone() };
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return Err(Wrong(PARSE, format!("Syntax Error: Expected Name, found \"{name}\".")));
        }
        let mut arguments = Map::new();
        if self.takes("(") {
            while !self.takes(")") {
                let name = self.next()?;
                self.expect(":")?;
                // A variable that was not given is as if the argument were not there.
                if let Some(value) = self.value()? {
                    arguments.insert(name, value);
                }
            }
        }
        let fields = if self.peek() == Some("{") { self.selection(None)? } else { Vec::new() };
        Ok(Field { alias, name, arguments, fields, only_on: only_on.map(str::to_owned) })
    }

    fn value(&mut self) -> Result<Option<Value>, Wrong> {
        let token = self.next()?;
        Ok(Some(match token.as_str() {
            "$" => return self.variable(),
            "[" => {
                let mut all = Vec::new();
                while !self.takes("]") {
                    all.extend(self.value()?);
                }
                all.into()
            }
            "{" => {
                let mut all = Map::new();
                while !self.takes("}") {
                    let name = self.next()?;
                    self.expect(":")?;
                    if let Some(value) = self.value()? {
                        all.insert(name, value);
                    }
                }
                all.into()
            }
            "true" => true.into(),
            "false" => false.into(),
            "null" => Value::Null,
            text if text.starts_with('"') => text[1..].into(),
            number if number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                serde_json::from_str(number).map_err(|_| Wrong(PARSE, format!("Syntax Error: Invalid number, \"{number}\".")))?
            }
            // A name of an enumeration, told apart from a text by nobody who answers here.
            word if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') => json!(word),
            other => return Err(Wrong(PARSE, format!("Syntax Error: Unexpected \"{other}\"."))),
        }))
    }

    fn variable(&mut self) -> Result<Option<Value>, Wrong> {
        let name = self.next()?;
        if !self.declared.contains(&name) {
            return Err(Wrong(VALIDATION, format!("Variable \"${name}\" is not defined by operation.")));
        }
        Ok(self.variables.get(&name).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &Value) -> Field {
        parse(text, variables).unwrap().fields.remove(0)
    }

    #[test]
    fn arguments_are_filled_in_from_text_and_variables() {
        let text = "query A($id: ID!, $more: [Int!]) { # a note\n ds: datasets(where: {AND: [{name: $id}, {deleted: false}]} skip: 0, \
                    first: 100, note: \"a \\\"b\\\" {\", how: FAST, more: $more) { id } }";
        let field = read(text, &json!({"id": "x"}));
        assert_eq!((field.alias.as_str(), field.name.as_str()), ("ds", "datasets"));
        let wanted = json!({"where": {"AND": [{"name": "x"}, {"deleted": false}]}, "skip": 0, "first": 100, "note": "a \"b\" {", "how": "FAST"});
        assert_eq!(Value::Object(field.arguments), wanted);
    }

    #[test]
    fn an_answer_holds_what_was_asked_for_and_fragments_meet_their_type() {
        let field = read("{user{name settings{__typename ... on Aws{role} ... on Gcp{bucket}}}}", &Value::Null);
        let user = json!({"name": "jane", "email": "e", "settings": {"__typename": "Aws", "role": "r"}});
        assert_eq!(field.of(&user), Ok(json!({"name": "jane", "settings": {"__typename": "Aws", "role": "r"}})));
        assert_eq!(field.of(&json!({"nam": 1})).unwrap_err().0, VALIDATION);
    }

    #[test]
    fn what_a_server_refuses_is_refused() {
        let code = |text: &str, variables: Value| parse(text, &variables).unwrap_err().0;
        assert_eq!(code("query ($a: ID!) {x(a: $a){id}}", json!({})), VALIDATION);
        assert_eq!(code("query {x(a: $a){id}}", json!({"a": 1})), VALIDATION);
        for broken in ["query {x(", "{x}}", "{x(a: %)}", "{\"x\"}", "{x(a: \"b)}"] {
            assert_eq!(code(broken, json!({})), PARSE, "{broken}");
        }
    }
}
