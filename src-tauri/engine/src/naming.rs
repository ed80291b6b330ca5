//! stand-in
pub struct Template(String);
impl Template { pub fn parse(t:&str)->Result<Self,String>{Ok(Self(t.into()))} }
pub struct Naming{pub prefix:String}
impl Naming { pub fn new(_t:Template,prefix:&str,_u:&str)->Self{Self{prefix:prefix.into()}} }
