"""Pieces of CEL text made at random: literals, patterns, formats, times; and mutations of whole expressions."""
import re

CHARS = list('abcxyzABZ019 _-.,:/%{}[]()"\'\\`$\t\n') + ['é', 'ß', 'İ', 'ſ', '漢', '😀', '\u0301', '\u00a0', '\u2028', '\u0085', '\ufeff', '\u200b', 'Ⅷ', 'ǅ', '٣']
INTS = ['0', '1', '2', '3', '5', '7', '10', '16', '31', '32', '60', '63', '64', '65', '100', '255', '256', '1000', '65535', '2147483647', '2147483648', '4294967295',
        '4294967296', '9007199254740991', '9007199254740992', '9007199254740993', '9223372036854775806', '9223372036854775807', '0x0', '0x1f', '0x7fffffffffffffff', '0XF', '007']
DOUBLES = ['0.0', '1.0', '0.1', '.5', '1.5', '2.5', '0.5', '1e0', '1e6', '1E6', '1e+6', '1e-6', '1e-7', '123456.0', '1234567.0', '999999.5', '1e15', '1e16', '1e20', '1e21', '1e22', '0.0001',
           '0.00001', '1e100', '1e300', '1e308', '1.7976931348623157e308', '5e-324', '1e-400', '9007199254740993.0', '9223372036854775807.0', '9223372036854775808.0', '18446744073709551615.0',
           '0.1e1', '3.14159265358979', '1.0e-10', '123456789.125', '2.2250738585072014e-308', '4.9', '0.30000000000000004']
BAD_NUMBERS = ['1.', '1e', '1e+', '0x', '0xg', '1_000', '1.e5', '1..2', '00x1', '9223372036854775808', '18446744073709551616u', '1u1', '1.0u', '0b1', '1f', '99999999999999999999', '1e999', '0x10000000000000000',
               '-9223372036854775809', '1U', '0XFFu', '1.5.2', '1.a', '1e5u', '0x1.8p1', '.', '..', '1.0.size()']
ESCAPES = ['\\n', '\\t', '\\r', '\\a', '\\b', '\\f', '\\v', '\\\\', '\\"', "\\'", '\\`', '\\?', '\\x41', '\\xff', '\\X4a', '\\101', '\\377', '\\000', '\\u0041', '\\u00e9', '\\uffff', '\\U0001F600', '\\U00000041']
BAD_ESCAPES = ['\\ud800', '\\udfff', '\\U00110000', '\\U0010FFFF', '\\400', '\\x4', '\\u12', '\\z', '\\0', '\\18', '\\e', '\\xg0', '\\U0001F60', '\\$', '\\/', '\\']


def string_literal(rng, text=None, bad=0.02):
    """A string literal of `text`, or of random characters, in a random notation."""
    quote = rng.choice(["'", '"', "'", '"', "'''", '"""'])
    raw = rng.random() < 0.12
    if text is None:
        text = ''.join(rng.choice(CHARS) for _ in range(rng.randint(0, 8)))
        if rng.random() < 0.3 and not raw:
            return (quote + ''.join(escaped(rng, c, quote) for c in text) + ''.join(rng.choice(ESCAPES) for _ in range(rng.randint(1, 4)))
                    + (rng.choice(BAD_ESCAPES) if rng.random() < 0.1 else '') + quote)
    if rng.random() < bad:
        return rng.choice(['', 'r', 'b', 'R']) + quote + text + rng.choice([quote, "'", '"', ''])
    if raw and quote not in text and not text.endswith((quote[0], '\\')) and (len(quote) == 3 or '\n' not in text):
        return rng.choice('rR') + quote + text + quote
    return quote + ''.join(escaped(rng, c, quote) for c in text) + quote


def escaped(rng, c, quote):
    if c == '\\':
        return '\\\\'
    if c == quote[0]:
        return '\\' + c
    if c == '\n' and len(quote) == 1:
        return '\\n'
    if rng.random() < 0.04 and ord(c) > 32:
        return rng.choice(['\\u%04x' % ord(c) if ord(c) < 0x10000 else '\\U%08x' % ord(c), '\\U%08X' % ord(c), '\\x%02x' % ord(c) if ord(c) < 128 else c])
    return c


def bytes_literal(rng):
    quote = rng.choice(["'", '"', "'''", '"""'])
    body = ''.join(rng.choice([rng.choice('abc 0\\\\n'), rng.choice(ESCAPES), 'é', '😀', '\\xff\\xfe', '\\303\\251', '\\x80']) for _ in range(rng.randint(0, 4))).replace('\\\\\\', '\\\\')
    if rng.random() < 0.1:
        body += rng.choice(BAD_ESCAPES)
    prefix = rng.choice(['b', 'b', 'b', 'B', 'br', 'rb', 'bR'])
    return prefix + quote + body + quote


PATTERN_ATOMS = ['a', 'b', 'abc', 'é', '漢', '.', '^', '$', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\pL', '\\PL', '\\p{Greek}', '\\p{^Lu}', '\\P{Lu}', '\\p{Foo}', '\\p', '\\p{',
                 '[a-c]', '[^a-c]', '[]a]', '[^]a]', '[a', '[z-a]', '[a-\\d]', '[\\d-z]', '[[:alpha:]]', '[[:^space:]]', '[[:foo:]]', '[:alpha:]', '[\\w.-]', '[a-]', '[-a]', '[\\]]', '[\\pL\\d]', '[^\\W_]', '[a&&b]', '[é-ü]', '[]', '[^]',
                 '\\Q.*\\E', '\\Qab', '\\E', '\\C', '\\x41', '\\x{1F600}', '\\x{110000}', '\\x4', '\\x{', '\\012', '\\0', '\\1', '\\8', '\\k', '\\h', '\\R', '\\X', '\\G', '\\n', '\\t', '\\a', '\\f', '\\v', '\\e', '\\.', '\\/', '\\-', '\\_', '\\é', '\\"', "\\'",
                 '(?i)', '(?s)', '(?m)', '(?U)', '(?-i)', '(?x)', '(?i-s)', '(?i-)', '(?)', '(?-)', '(?', '(?P', '(?P<', '(?<', '(', ')', '|', '\\', '/', ',', ' ', '#', '-', 'A', 'Z', 'K', '\u212a', 'ſ', '{', '}', ']', '{2', '{a}', '{,2}']
PATTERN_GROUPS = ['(%s)', '(?:%s)', '(?P<n>%s)', '(?<n>%s)', '(?i:%s)', '(?s-i:%s)', '(?P<n1>%s)', '(?P<1n>%s)', '(?P<n-x>%s)', '(?P<>%s)', '(?P<n%s)', '(?=%s)', '(?!%s)', '(?<=%s)', '(?<!%s)', '(?>%s)', '(?#%s)', '(?P=n%s)', '(?P>n%s)', '(?i%s)', '(?^%s)', '(?:%s', '%s)']
PATTERN_REPEATS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{2,}', '{1,3}', '{0}', '{0,1}', '{3,1}', '{1000}', '{1001}', '{,3}', '{2}?', '**', '++', '*+', '?+', '{2}{3}', '{2}*', '{99999999999}', '{1,1001}', '{-1}', '{1,2,3}', '{ 1}', '{01}']


def pattern(rng, depth=3):
    parts = []
    for _ in range(rng.randint(1, 3)):
        if depth > 0 and rng.random() < 0.25:
            part = rng.choice(PATTERN_GROUPS[:6] if rng.random() < 0.6 else PATTERN_GROUPS) % pattern(rng, depth - 1)
        else:
            part = rng.choice(PATTERN_ATOMS[:16] if rng.random() < 0.5 else PATTERN_ATOMS)
        if rng.random() < 0.25:
            part += rng.choice(PATTERN_REPEATS[:11] if rng.random() < 0.7 else PATTERN_REPEATS)
        parts.append(part)
    return rng.choice(['', '', '|']).join(parts)


def pattern_literal(rng):
    text = pattern(rng)
    if "'" not in text and not text.endswith('\\') and rng.random() < 0.5:
        return "r'" + text + "'"
    return string_literal(rng, text, bad=0)


def format_text(rng):
    """A format string, and for each clause the kind of argument that fits."""
    out, kinds = '', []
    for _ in range(rng.randint(0, 4)):
        roll = rng.random()
        if roll < 0.25:
            out += rng.choice(['a', ' ', '%%', 'é', ':', '{}', '%%%%', '1'])
            continue
        if roll < 0.31:
            out += rng.choice(['%', '%q', '%5d', '%-s', '%.s', '%.101f', '%.f', '%.-1f', '%.2d', '%.3s', '%+d', '%c', '%v', '%S', '%.2', '%.', '% d', '%08b', '%.2x', '%.1e.', '%t', '%.99999999999f'])
            kinds.append('any')
            continue
        verb = rng.choice('sssddffexXob')
        precision = '.%d' % rng.choice([0, 1, 2, 3, 5, 10, 17, 30, 100]) if verb in 'fe' and rng.random() < 0.6 else ''
        out += '%' + precision + verb
        kinds.append({'s': 'any', 'd': rng.choice(['int', 'uint', 'double', 'int']), 'f': rng.choice(['double', 'double', 'int', 'uint']), 'e': rng.choice(['double', 'double', 'int', 'uint']),
                      'x': rng.choice(['int', 'uint', 'string', 'bytes']), 'X': rng.choice(['int', 'uint', 'string', 'bytes']), 'o': rng.choice(['int', 'uint']), 'b': rng.choice(['int', 'uint', 'bool'])}[verb])
    if rng.random() < 0.06 and kinds:
        kinds.pop()
    if rng.random() < 0.06:
        kinds.append('any')
    return out, kinds


def time_text(rng):
    year = rng.choice(['0001', '0000', '1969', '1970', '2000', '2023', '2024', '9999', '10000', '-001', '23', '1900', '2100'])
    month, day = rng.choice(['01', '02', '03', '06', '11', '12', '00', '13', '1']), rng.choice(['01', '15', '28', '29', '30', '31', '00', '32', '5'])
    hour = rng.choice(['00', '01', '05', '12', '23', '24', '7'])
    minute, second = rng.choice(['00', '30', '59', '60', '5']), rng.choice(['00', '01', '59', '60', '9'])
    if rng.random() < 0.7:
        year, month, day = rng.choice(['1969', '1970', '2000', '2023', '2024', '9999', '0001', '1583', '2038']), '%02d' % rng.randint(1, 12), '%02d' % rng.randint(1, 28)
        hour, minute, second = '%02d' % rng.randint(0, 23), '%02d' % rng.randint(0, 59), '%02d' % rng.randint(0, 59)
    fraction = rng.choice(['', '', '', '.5', '.123', '.123456789', '.1234567891', '.000000001', '.', ',5', '.9999999999', '.10'])
    zone = rng.choice(['Z', 'Z', 'Z', '+00:00', '-00:00', '+05:30', '-08:00', '+14:00', '+23:59', '+24:00', '-23:60', '+0530', 'z', '', '+5:30', 'UTC', ' Z', '+05:3'])
    return f'{year}-{month}-{day}{rng.choice("TTTTTTTT t_")}{hour}:{minute}:{second}{fraction}{zone}'


def duration_text(rng):
    if rng.random() < 0.12:
        return rng.choice(['', '0', '+0', '-0', '-', '+', '1', '1d', 's', '1.s', '.s', '1e3s', ' 1s', '1s ', '--1s', '1.5', '9223372036s', '9223372037s', '-9223372036.854775808s', '9223372036854775807ns', '9223372036854775808ns',
                           '2562047h47m16.854775807s', '2562047h47m16.854775808s', '-2562047h47m16.854775808s', '1H', '1µs', '1μs', '1us', '0.0000000001s', '1h-1m', '1m1h', '100000000000000h', '0.3333333333333333333h', '315576000000s', '-315576000001s'])
    sign = rng.choice(['', '', '', '-', '+'])
    return sign + ''.join(rng.choice(['1', '0', '5', '24', '90', '1.5', '.5', '0.001', '1000', '100.000000001', '3600', '0.1', '123456789']) + rng.choice(['h', 'm', 's', 's', 'ms', 'us', 'ns']) for _ in range(rng.randint(1, 3)))


ZONES = ['UTC', 'Z', '', 'Local', 'GMT', 'EST', 'EST5EDT', 'America/New_York', 'Asia/Tokyo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/London', 'Pacific/Apia', 'US/Central', 'america/new_york', 'Nowhere/Land', '../etc/passwd',
         'America', '/UTC', 'Etc/GMT+5', '+05:30', '-08:00', '+00:00', '-00:00', '05:30', '+5:3', '+24:00', '-23:59', '+99:99', '+0530', '+05', '05', ':', '1:2:3', '+aa:00', ' 05:30', '+05:-30', '-5:30', '--5:30', '02:00']
NUMBERS = ['0', '1', '-1', '+5', '007', '1.5', '-0', '1e3', '1E3', '0x10', '0b1', '1_000', ' 1', '1 ', '', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '18446744073709551615', '18446744073709551616', '-1u', '1u', 'NaN', 'nan', 'inf',
           '-Inf', '+Infinity', 'infinity', 'Infin', '0x1p-2', '0x1.8p1', '0x', '1e400', '-1e400', '1e-400', '.5', '5.', '.', '+', 'true', 'True', 'TRUE', 't', 'T', 'f', 'F', 'False', 'FALSE', 'tRUE', 'yes', '1.0', '٣', '1e', '0x1p', '1__0', '0o7', '١', '1d', '1f']

TOKEN = re.compile(r'''[rRbB]{0,2}(?:"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|[A-Za-z_]\w*|\d[\w.]*|&&|\|\||[=!<>]=|\s+|.''', re.S)
VOCABULARY = ['(', ')', '[', ']', '{', '}', ',', ':', '?', '.', '.?', '[?', '{?', '!', '-', '+', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=', '&&', '||', 'in', 'true', 'false', 'null', '1', '1u', '1.5', "'a'", 'b"a"', 'x', 'i', 'm', 'l', 's',
              '.size()', '.a', '[0]', 'has(', 'dyn(', 'all', 'map', 'exists', 'filter', '&', '|', '=', ';', '#', '@', '$', '~', '^', '\\', '`', '`a`', '.`a-b`', '.`in`', '"', "'", '"""', '// c', '// c\n', '\n', '\t', '\r', '\f', ' ', '\u00a0', 'é', '😀', '\x00', '\x7f',
              'for', 'if', 'while', 'let', 'package', 'namespace', 'import', 'const', 'void', 'var', 'loop', 'as', 'break', 'continue', 'else', 'function', 'return', '__result__', '@result', '_', '.x', '.i', '..', 'true.a', '1.a', 'int', 'google.protobuf.Timestamp', 'a.b.c',
              'x.y', 'cel.bind(', '=>', '->', '**', '<>', '===', '&&&', '?:', '??', '?.', '--', '!!', '!-', '-!', '- 1', '{}', '[]', '()', '{,}', '[,]', '(,)']


def mutate(rng, text, other):
    """`text` with one to three places changed; `other` is another expression to take parts from."""
    tokens = TOKEN.findall(text) or ['']
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        at = rng.randrange(len(tokens))
        roll = rng.random()
        if roll < 0.18:
            del tokens[at]
        elif roll < 0.28:
            tokens.insert(at, tokens[at])
        elif roll < 0.40:
            with_at = rng.randrange(len(tokens))
            tokens[at], tokens[with_at] = tokens[with_at], tokens[at]
        elif roll < 0.60:
            tokens[at] = rng.choice(VOCABULARY)
        elif roll < 0.80:
            tokens.insert(at, rng.choice(VOCABULARY))
        elif roll < 0.90:
            parts = TOKEN.findall(other) or ['']
            start = rng.randrange(len(parts))
            tokens[at:at + 1] = parts[start:start + rng.randint(1, 6)]
        elif roll < 0.95:
            token = tokens[at]
            place = rng.randint(0, len(token))
            tokens[at] = token[:place] + rng.choice(CHARS) + token[place + rng.randint(0, 1):]
        else:
            tokens = tokens[:at]
        if not tokens:
            tokens = ['']
    return ''.join(tokens)


def nested(rng):
    """Deep or long expressions, some beyond the parser's limits."""
    n = rng.choice([rng.randint(1, 60), rng.randint(1, 300), rng.choice([24, 31, 32, 33, 62, 63, 64, 82, 83, 84, 124, 125, 126, 248, 249, 250, 251, 252])])
    opening, closing, core = rng.choice([
        ('(', ')', 'i'), ('[', ']', '1'), ("{'a':", '}', '1'), ('!', '', 'true'), ('-', '', '1'), ('- ', '', 'i'), ('!-', '', 'i'), ('dyn(', ')', '1'), ('1+(', ')', '1'), ('true?', ':1', '2'), ('', '?1:2', 'true'), ('false?1:', '', '2'),
        ('', '.a', 'm'), ('', '[0]', 'l'), ('', '.?a', 'm'), ('', '[?0]', 'l'), ('', '.size()', 'l'), ('', '+1', '1'), ('', '*1', '1'), ('', '&&true', 'true'), ('', '||false', 'true'), ('', '==true', 'true'), ('', '<1', 'dyn(1)'), ('', '.or(o)', 'optional.none()'),
        ('1+', '', '1'), ('true&&', '', 'true'), ('[1].map(x,', ')', 'x'), ('[1].all(x,', ')', 'true'), ('size([', '])', '1'), ('l[', ']', '0'), ('[', '][0]', '1'), ("{1:", '}[1]', '1'), ('has(', '.a)', 'm'), ('optional.of(', ')', '1'), ("{?'a':optional.of(", ')}', '1'),
        ('google.protobuf.ListValue{values:[', ']}', '1'), ('(true ? ', ' : 2)', '1'), ('1 in [', ']', '1'), ("'a'+", '', "'b'"), ('[[1],', ']', '2'), ('', '.map(x, x)', '[1]'), ('', '.filter(x, true)', '[1]'), ('(', '', '1'), ('', ')', '1'), ('[', '', '1')])
    if opening.startswith(('{', '[1].', 'google')):
        n = min(n, 40)  # cel-go's parser takes seconds for more
    return opening * n + core + closing * n
