//! The files of an import: JSON arrays that hold every row once and are no longer than Labelbox's SDK makes them.

use bytes::Bytes;

/// Bytes of one file, as in Labelbox's SDK (`UPSERT_CHUNK_SIZE_BYTES`).
pub(super) const LIMIT: usize = 10_000_000;
/// Bytes of the longest row: brackets stand around it.
pub(super) const LONGEST: usize = LIMIT - 2;

/// Arrays of these items in their order, each as full as `limit` allows. No item has more than `limit - 2` bytes.
pub(super) fn arrays(items: &[Vec<u8>], limit: usize) -> Vec<Bytes> {
    let mut all = Vec::new();
    let mut open: Vec<u8> = Vec::new();
    for item in items {
        // A comma before it, or the bracket that opens; and the one that closes.
        if !open.is_empty() && open.len() + 1 + item.len() + 1 > limit {
            open.push(b']');
            all.push(Bytes::from(std::mem::take(&mut open)));
        }
        open.push(if open.is_empty() { b'[' } else { b',' });
        open.extend_from_slice(item);
    }
    if !open.is_empty() {
        open.push(b']');
        all.push(open.into());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    proptest! {
        #[test]
        fn every_row_stands_in_exactly_one_array_in_its_order_and_no_array_is_too_long(
            texts in prop::collection::vec("[a-zA-Zäöü\"\\\\ ]{0,40}", 0..60), room in 0_usize..200,
        ) {
            let values: Vec<Value> = texts.iter().enumerate().map(|(at, text)| serde_json::json!({"at": at, "text": text})).collect();
            let items: Vec<Vec<u8>> = values.iter().map(|value| serde_json::to_vec(value).expect("JSON")).collect();
            let limit = items.iter().map(Vec::len).max().unwrap_or(0) + 2 + room;
            let arrays = arrays(&items, limit);
            prop_assert!(arrays.iter().all(|array| array.len() <= limit));
            let read: Vec<Value> =
                arrays.iter().flat_map(|array| serde_json::from_slice::<Vec<Value>>(array).expect("an array")).collect();
            prop_assert_eq!(read, values);
            // Each is as full as it can be: the first row of the next one would not have fitted.
            let mut next = 0;
            for array in &arrays {
                next += serde_json::from_slice::<Vec<Value>>(array).expect("an array").len();
                prop_assert!(items.get(next).is_none_or(|item| array.len() + 1 + item.len() > limit));
            }
        }
    }

    #[test]
    fn ten_million_bytes_are_one_file_and_one_byte_more_are_two() {
        let item = |bytes: usize| format!("\"{}\"", "a".repeat(bytes - 2)).into_bytes();
        let exact = [item(4_000_000), item(LIMIT - 4_000_000 - 3)];
        let sizes = |items: &[Vec<u8>]| arrays(items, LIMIT).iter().map(Bytes::len).collect::<Vec<_>>();
        assert_eq!(sizes(&exact), [LIMIT]);
        assert_eq!(sizes(&[item(4_000_000), item(LIMIT - 4_000_000 - 2)]), [4_000_002, LIMIT - 4_000_000]);
        assert_eq!(sizes(&[item(LONGEST)]), [LIMIT]);
        assert!(sizes(&[]).is_empty());
    }
}
