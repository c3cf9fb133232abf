"""Writes the C++ columns and docs/format.md from schema/tables.py.

generate_schema.py --out FOLDER              FOLDER/tables.h and FOLDER/tables.cpp
generate_schema.py --docs docs/format.md     the reference of the format
generate_schema.py --check docs/format.md    fails where the reference is not up to date
"""

import argparse
import re
import sys
from pathlib import Path

SCHEMA = Path(__file__).resolve().parent.parent / "schema"
sys.path.insert(0, str(SCHEMA))
sys.dont_write_bytecode = True

import tables as schema  # noqa: E402

CPP_INTEGERS = {
    "u8": "std::uint8_t",
    "u16": "std::uint16_t",
    "u32": "std::uint32_t",
    "u64": "std::uint64_t",
    "i32": "std::int32_t",
    "i64": "std::int64_t",
}
TABLES_BY_NAME = {table.name: table for table in schema.TABLES}
ENUMS_BY_NAME = {entry.name: entry for entry in schema.ENUMS}


def argument(column):
    """The table or enumeration that a column's type names, and what it is to the column."""
    match = re.fullmatch(r"(id|ids|enum|flags)\((\w+)\)", column.type)
    return match.groups() if match else (column.type, None)


def is_variable(column):
    return argument(column)[0] in ("text", "blob", "ids")


def id_type(table_name):
    return f"{TABLES_BY_NAME[table_name].row}Id"


def cell_type(column):
    """The C++ type of one cell of a column of fixed width."""
    kind, name = argument(column)
    if kind == "id":
        return id_type(name)
    return name if kind in ("enum", "flags") else CPP_INTEGERS[kind]


def row_type(column):
    kind, name = argument(column)
    if kind == "ids":
        return f"std::span<const {id_type(name)}>"
    return "std::string_view" if kind in ("text", "blob") else cell_type(column)


def column_type(column):
    kind, name = argument(column)
    if kind == "ids":
        return f"ListColumn<{id_type(name)}>"
    return "BlobColumn" if kind in ("text", "blob") else f"std::vector<{cell_type(column)}>"


def check_column(table, column, earlier):
    kind, name = argument(column)
    where = f"{table.name}.{column.name}"
    if kind in ("id", "ids"):
        assert name in TABLES_BY_NAME, f"{where}: no table {name}"
    elif kind in ("enum", "flags"):
        assert ENUMS_BY_NAME[name].is_flags == (kind == "flags"), where
    else:
        assert kind in CPP_INTEGERS or kind in ("text", "blob"), f"{where}: {kind}?"
    assert not (is_variable(column) and (column.encoding != "plain" or column.scale != 1)), where
    assert column.scale == 1 or kind in ("i32", "i64"), f"{where}: scale needs a signed type"
    if column.encoding in ("minus_delta", "minus"):
        assert column.of in earlier, f"{where}: {column.of} must come before"
        assert earlier[column.of].scale == column.scale, f"{where}: scales differ"
        assert not is_variable(earlier[column.of]), where
    else:
        assert column.encoding in ("plain", "delta"), where
    if column.earlier:
        assert (kind, name) == ("id", table.name), f"{where}: earlier is for the table's own rows"


def check_schema():
    numbers = [table.number for table in schema.TABLES]
    assert len(set(numbers)) == len(numbers) and min(numbers) > 0 and max(numbers) < 255
    for table in schema.TABLES:
        earlier = {}
        for column in table.columns:
            check_column(table, column, earlier)
            earlier[column.name] = column


def write_order():
    """Identity tables before event tables, and a table after all that its ids refer to."""
    done, order = set(), []

    def visit(table):
        if table.name in done:
            return
        done.add(table.name)
        for column in table.columns:
            kind, name = argument(column)
            if kind in ("id", "ids"):
                visit(TABLES_BY_NAME[name])
        order.append(table)

    for wanted in ("identity", "event"):
        for table in schema.TABLES:
            if table.kind == wanted:
                visit(table)
    return order


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def switch_text(function, entry, value_type, parts):
    lines = [f"[[nodiscard]] constexpr std::string_view {function}({value_type} value) {{"]
    lines += ["  switch (value) {"]
    for (name, _doc), text in zip(entry.values, parts):
        lines.append(f"    case {value_type}::{name}: return {quoted(text)};")
    return lines + ["  }", '  return "";', "}", ""]


def enum_functions(entry, value_type):
    names = [name for name, _ in entry.values]
    docs = [doc for _, doc in entry.values]
    values = ", ".join(f"{value_type}::{name}" for name in names)
    lines = switch_text("to_string", entry, value_type, names)
    lines.append("// What the value means, as a sentence.")
    lines += switch_text("describe", entry, value_type, docs)
    lines.append(
        f"inline constexpr std::array<{value_type}, {len(names)}> k{entry.name}Values = {{{values}}};"
    )
    return lines + [""]


def enum_header(entry):
    lines = [f"// {entry.doc}", f"enum class {entry.name} : std::uint8_t {{"]
    lines += [f"  {name},  // {doc}" for name, doc in entry.values]
    return lines + ["};", ""] + enum_functions(entry, entry.name)


FLAGS_MEMBERS = """\
  constexpr {name}() = default;
  constexpr {name}(Bit bit) : bits_(bit) {{}}  // implicit: one flag is a set of flags
  [[nodiscard]] static constexpr {name} from_bits(std::uint32_t bits) {{
    {name} flags;
    flags.bits_ = bits;
    return flags;
  }}

  [[nodiscard]] constexpr std::uint32_t bits() const {{ return bits_; }}
  [[nodiscard]] constexpr bool has(Bit bit) const {{ return (bits_ & bit) != 0; }}
  [[nodiscard]] constexpr explicit operator bool() const {{ return bits_ != 0; }}
  constexpr {name}& operator|=({name} other) {{
    bits_ |= other.bits_;
    return *this;
  }}
  constexpr {name}& operator&=({name} other) {{
    bits_ &= other.bits_;
    return *this;
  }}
  [[nodiscard]] friend constexpr {name} operator|({name} a, {name} b) {{ return a |= b; }}
  [[nodiscard]] friend constexpr {name} operator|(Bit a, Bit b) {{ return {name}(a) | {name}(b); }}
  [[nodiscard]] friend constexpr {name} operator&({name} a, {name} b) {{ return a &= b; }}
  constexpr bool operator==(const {name}&) const = default;

 private:
  std::uint32_t bits_ = 0;
}};
"""


def flags_header(entry):
    mask = (1 << len(entry.values)) - 1
    lines = [
        f"// {entry.doc}",
        f"class {entry.name} {{",
        " public:",
        "  enum Bit : std::uint32_t {",
    ]
    lines += [f"    {n} = 1U << {i}U,  // {doc}" for i, (n, doc) in enumerate(entry.values)]
    lines += ["  };", f"  static constexpr std::uint32_t kAll = {mask:#x};", ""]
    lines += FLAGS_MEMBERS.format(name=entry.name).splitlines()
    return lines + [""] + enum_functions(entry, f"{entry.name}::Bit")


def default_of(column):
    if column.default == 0:
        return "{}"
    suffix = "U" if column.type.startswith("u") else ""
    return f" = {column.default}{suffix}"


def row_header(table):
    lines = [f"// {table.doc}", f"struct {table.row}Row {{"]
    lines += [f"  using Table = {table.row}Table;"]
    for column in table.columns:
        unit = f" [{column.unit}]" if column.unit else ""
        lines.append(
            f"  {row_type(column)} {column.name}{default_of(column)};  // {column.doc}{unit}"
        )
    return lines + ["};", ""]


def column_info(column):
    fields = (column.name, column.type, column.unit, column.doc)
    moment = "true" if column.moment else "false"
    return "      {" + ", ".join(quoted(field) for field in fields) + f", {moment}}},"


TABLE_FUNCTIONS = """\
  [[nodiscard]] std::size_t size() const {{ return {first}.size(); }}
  {row}Id append(const {row}Row& row);
  // Texts, blobs and lists are views into the table, good until it changes.
  [[nodiscard]] {row}Row row(std::size_t index) const;
  [[nodiscard]] {row}Row row({row}Id id) const {{ return row(id.row()); }}
  void clear() {{ truncate(0); }}
  // Keeps the first `rows` rows; there must be as many.
  void truncate(std::size_t rows);
  // Appends rows [first, last) to `out`, column by column.
  void encode(std::size_t first, std::size_t last, ByteWriter& out) const;
  [[nodiscard]] Bytes encode(std::size_t first, std::size_t last) const;
  // Appends `rows` rows from what encode() wrote. False, and nothing changed, when `bytes` is not
  // exactly that, or holds a value that its column cannot have.
  [[nodiscard]] bool decode(std::span<const std::byte> bytes, std::size_t rows);
  // Turns ids that refer to no row into none, and returns how many there were.
  std::size_t clear_dangling(const Tables& tables);
"""


def table_header(table, index):
    count = len(table.columns)
    lines = [f"// {table.doc}", f"struct {table.row}Table {{", f"  using Row = {table.row}Row;"]
    lines += [f"  using RowId = {table.row}Id;"]
    lines += [f"  static constexpr std::uint8_t kNumber = {table.number};"]
    lines += [f"  static constexpr std::size_t kIndex = {index};  // its place in Tables::for_each"]
    lines += [f'  static constexpr std::string_view kName = "{table.name}";']
    lines += [f"  static constexpr std::string_view kDoc = {quoted(table.doc)};"]
    lines += [f"  static constexpr std::array<ColumnInfo, {count}> kColumns = {{{{"]
    lines += [column_info(column) for column in table.columns] + ["  }};", ""]
    lines += [f"  {column_type(column)} {column.name};" for column in table.columns] + [""]
    lines += TABLE_FUNCTIONS.format(row=table.row, first=table.columns[0].name).splitlines()
    for const in ("", " const"):
        if not const:
            lines += ["", "  // Calls `visit` with the ColumnInfo and the column, for each column."]
        lines += [
            "  template <typename Visitor>",
            f"  void for_each_column(Visitor&& visit){const} {{",
        ]
        lines += [f"    visit(kColumns[{i}], {c.name});" for i, c in enumerate(table.columns)]
        lines += ["  }"]
    return lines + ["};", ""]


def tables_header(order):
    names = ", ".join(f"{table.row}Table" for table in order)
    lines = [
        "// The types of all tables, in the order of Tables::for_each.",
        "template <typename...>",
    ]
    lines += ["struct TableList {};", f"using AllTables = TableList<{names}>;", ""]
    lines += ["// All tables of a recording.", "struct Tables {"]
    lines += [f"  {table.row}Table {table.name};" for table in schema.TABLES] + [""]
    for table in order:
        lines.append(
            f"  {table.row}Id append(const {table.row}Row& row) {{ return {table.name}.append(row); }}"
        )
    for table in order:
        for const in ("", " const"):
            result = f"{'const ' if const else ''}{table.row}Table&"
            lines.append(
                f"  [[nodiscard]] {result} of(const {table.row}Table*){const} {{ return {table.name}; }}"
            )
    lines += ["  // The table of a type, for generic code.", "  template <typename Table>"]
    lines += [
        "  [[nodiscard]] Table& get() {",
        "    return of(static_cast<const Table*>(nullptr));",
        "  }",
    ]
    lines += ["  template <typename Table>"]
    lines += ["  [[nodiscard]] const Table& get() const {"]
    lines += ["    return of(static_cast<const Table*>(nullptr));", "  }", ""]
    lines += [
        "  // Calls `visit` with each table; identity tables first, and every table after those"
    ]
    lines += ["  // that its ids refer to."]
    for const in ("", " const"):
        lines += ["  template <typename Visitor>", f"  void for_each(Visitor&& visit){const} {{"]
        lines += [f"    visit({table.name});" for table in order] + ["  }"]
    lines += [
        "  // Calls `visit` with the table of that number in a file; false when there is none."
    ]
    lines += ["  template <typename Visitor>"]
    lines += ["  bool with_number(std::uint8_t number, Visitor&& visit) {", "    switch (number) {"]
    for table in order:
        lines.append(f"      case {table.number}: visit({table.name}); return true;")
    lines += ["      default: return false;", "    }", "  }", ""]
    lines += [
        "  void clear();",
        "  // Turns ids that refer to no row into none, and returns how many.",
    ]
    lines += ["  std::size_t clear_dangling();"]
    return lines + ["};", ""]


HEADER_START = """\
// Generated from schema/tables.py by tools/generate_schema.py: the tables of a recording as columns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/column_codec.h"
#include "base/columns.h"
#include "base/ids.h"
"""

INFO = """\
struct ColumnInfo {
  std::string_view name;
  std::string_view type;
  std::string_view unit;
  std::string_view doc;
  bool moment;  // a point in time; negative is none
};
"""


def header():
    order = write_order()
    lines = HEADER_START.splitlines() + ["", "namespace lancehead::schema {", ""]
    lines += [f"inline constexpr std::uint32_t kFormatVersion = {schema.FORMAT_VERSION};"]
    lines += [f"inline constexpr std::size_t kTableCount = {len(schema.TABLES)};", ""]
    lines += INFO.splitlines() + [""]
    for entry in schema.ENUMS:
        lines += flags_header(entry) if entry.is_flags else enum_header(entry)
    for table in schema.TABLES:
        lines += [f"struct {table.row}Tag;", f"using {table.row}Id = Id<{table.row}Tag>;"]
        lines += [f"struct {table.row}Table;"]
    lines += ["struct Tables;", ""]
    for table in schema.TABLES:
        lines += row_header(table)
    for table in schema.TABLES:
        lines += table_header(table, order.index(table))
    lines += tables_header(order)
    lines += ["}  // namespace lancehead::schema", "", "namespace lancehead {"]
    for entry in schema.ENUMS:
        if not entry.is_flags:
            limit = f"kEnumLimit<schema::{entry.name}> = {len(entry.values)}"
            lines += ["template <>", f"inline constexpr std::uint64_t {limit};"]
    return lines + ["}  // namespace lancehead"]


def put_call(column):
    if is_variable(column):
        return f"  put_column(out, {column.name}, first, last);"
    other = column.of or column.name
    what = f"Encoding::{column.encoding}, {column.scale}"
    return f"  put_column<{what}>(out, {column.name}, first, last, {other});"


def take_call(column):
    if is_variable(column):
        return f"take_column(in, {column.name}, rows)"
    other = column.of or column.name
    what = f"Encoding::{column.encoding}, {column.scale}"
    return f"take_column<{what}>(in, {column.name}, rows, {other})"


def dangling_source(table):
    lines = [
        f"std::size_t {table.row}Table::clear_dangling([[maybe_unused]] const Tables& tables) {{"
    ]
    lines += ["  std::size_t cleared = 0;"]
    for column in table.columns:
        kind, name = argument(column)
        if kind == "id" and column.earlier:
            lines.append(f"  cleared += clear_from_own_row({column.name});")
        elif kind == "id":
            lines.append(
                f"  cleared += clear_beyond(std::span({column.name}), tables.{name}.size());"
            )
        elif kind == "ids":
            lines.append(f"  cleared += clear_beyond({column.name}.items(), tables.{name}.size());")
    return lines + ["  return cleared;", "}", ""]


def table_source(table):
    name, columns = f"{table.row}Table", table.columns
    lines = [f"{table.row}Id {name}::append(const {table.row}Row& row) {{"]
    lines += [f"  {column.name}.push_back(row.{column.name});" for column in columns]
    lines += [f"  return {table.row}Id(size() - 1);", "}", ""]
    lines += [f"{table.row}Row {name}::row(std::size_t index) const {{", "  return {"]
    lines += [f"      .{column.name} = {column.name}[index]," for column in columns] + [
        "  };",
        "}",
        "",
    ]
    lines += [f"void {name}::truncate(std::size_t rows) {{"]
    lines += [f"  truncate_column({column.name}, rows);" for column in columns] + ["}", ""]
    lines += [f"void {name}::encode(std::size_t first, std::size_t last, ByteWriter& out) const {{"]
    lines += [put_call(column) for column in columns] + ["}", ""]
    lines += [f"Bytes {name}::encode(std::size_t first, std::size_t last) const {{"]
    lines += ["  ByteWriter out;", "  encode(first, last, out);", "  return out.take();", "}", ""]
    lines += [f"bool {name}::decode(std::span<const std::byte> bytes, std::size_t rows) {{"]
    lines += ["  // Each cell takes at least one byte."]
    lines += [f"  if (rows > bytes.size() / {len(columns)}) {{", "    return false;", "  }"]
    lines += ["  const std::size_t before = size();", "  ByteReader in(bytes);"]
    lines += [
        "  const bool taken = " + " &&\n                     ".join(map(take_call, columns)) + ";"
    ]
    lines += ["  if (!taken || !in.done()) {"]
    lines += [f"    cut({column.name}, before);" for column in columns]
    lines += ["    return false;", "  }", "  return true;", "}", ""]
    return lines + dangling_source(table)


SOURCE_START = """\
// Generated from schema/tables.py by tools/generate_schema.py.
#include "schema/tables.h"

namespace lancehead::schema {
namespace {

// A column that failed half-way may be shorter or longer than the others.
template <typename Column>
void cut(Column& column, std::size_t rows) {
  if (column.size() > rows) {
    truncate_column(column, rows);
  }
}

template <typename Tag>
std::size_t clear_beyond(std::span<Id<Tag>> ids, std::size_t rows) {
  std::size_t cleared = 0;
  for (Id<Tag>& id : ids) {
    if (!id.is_none() && id.row() >= rows) {
      id = {};
      ++cleared;
    }
  }
  return cleared;
}

template <typename Tag>
std::size_t clear_from_own_row(std::vector<Id<Tag>>& ids) {
  std::size_t cleared = 0;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (!ids[row].is_none() && ids[row].row() >= row) {
      ids[row] = {};
      ++cleared;
    }
  }
  return cleared;
}

}  // namespace
"""

SOURCE_END = """\
void Tables::clear() {
  for_each([](auto& table) { table.clear(); });
}

std::size_t Tables::clear_dangling() {
  std::size_t cleared = 0;
  for_each([&](auto& table) { cleared += table.clear_dangling(*this); });
  return cleared;
}

}  // namespace lancehead::schema
"""


def source():
    lines = SOURCE_START.splitlines() + [""]
    for table in schema.TABLES:
        lines += table_source(table)
    return lines + SOURCE_END.splitlines()


def type_text(column):
    kind, name = argument(column)
    if kind in ("id", "ids"):
        return f"{kind}([{name}](#{name}))"
    return f"[{name}](#{name.lower()})" if name else kind


def encoding_text(column):
    parts = [] if column.encoding == "plain" else [column.encoding]
    if column.of:
        parts[-1] += f" of `{column.of}`"
    if column.scale != 1:
        parts.append(f"scale {column.scale}")
    return ", ".join(parts)


def table_docs(table):
    lines = ["", f"### {table.name}", "", f"Table {table.number}. {table.doc}", ""]
    lines += ["| Column | Type | Unit | Encoding | |", "|---|---|---|---|---|"]
    for column in table.columns:
        doc = column.doc + (" Earlier rows only." if column.earlier else "")
        cells = (f"`{column.name}`", type_text(column), column.unit, encoding_text(column), doc)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def docs():
    lines = (SCHEMA / "format.md").read_text().rstrip().splitlines()
    lines = [line.replace("@VERSION@", str(schema.FORMAT_VERSION)) for line in lines]
    lines += ["", "## Tables", "", "In the order in which they are written."]
    for table in write_order():
        lines += table_docs(table)
    lines += [
        "",
        "## Enumerations",
        "",
        "Numbered from 0; of a set of flags, value *n* is bit *n*.",
    ]
    for entry in schema.ENUMS:
        kind = " A set of flags." if entry.is_flags else ""
        lines += [
            "",
            f"### {entry.name}",
            "",
            entry.doc + kind,
            "",
            "| | Name | |",
            "|---|---|---|",
        ]
        lines += [f"| {i} | `{name}` | {doc} |" for i, (name, doc) in enumerate(entry.values)]
    return lines


def write(path, lines):
    """Leaves a file alone that is already right, so that nothing is built again."""
    text = "\n".join(lines) + "\n"
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write the C++ files there")
    parser.add_argument("--docs", type=Path, metavar="FILE", help="write the reference there")
    parser.add_argument("--check", type=Path, metavar="FILE", help="compare the reference")
    options = parser.parse_args()
    check_schema()
    if options.out:
        write(options.out / "tables.h", header())
        write(options.out / "tables.cpp", source())
    if options.docs:
        write(options.docs, docs())
    if options.check and options.check.read_text() != "\n".join(docs()) + "\n":
        sys.exit(
            f"{options.check} does not say what schema/ says. "
            f"Run tools/generate_schema.py --docs {options.check}"
        )


if __name__ == "__main__":
    main()
