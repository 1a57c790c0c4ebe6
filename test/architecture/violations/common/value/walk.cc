// Counts without a budget.
std::size_t Count(const Value& value) {
  std::size_t count = 1;
  if (value.is_list()) {
    for (const Value& item : value.as_list()) count += Count(item);
  }
  return count;
}
