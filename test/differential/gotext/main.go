// Says what Go prints and reads: lines "function\thex of the input" on stdin, the hex of the answer a line on stdout. Doubles and
// integers come as their eight bytes, big-endian. The C++ twin is ../go_text.cc.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/fluxcd/pkg/sourceignore"
	"k8s.io/utils/dump"

	"openchoreo-gitops/test/differential/gotext/sample"
)

func bits(in []byte) uint64    { return binary.BigEndian.Uint64(in) }
func double(in []byte) float64 { return math.Float64frombits(bits(in)) }

func orError[T any](value T, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return fmt.Sprint(value)
}

func decoded(in []byte) any {
	var value any
	if err := json.Unmarshal(in, &value); err != nil {
		return err
	}
	return value
}

func answer(function string, in []byte) string {
	switch function {
	case "quote":
		return strconv.Quote(string(in))
	case "g":
		return fmt.Sprintf("%v", double(in))
	case "json":
		out, _ := json.Marshal(double(in))
		return string(out)
	case "fixed":
		return strconv.FormatFloat(double(in), 'f', -1, 64)
	case "fixed3":
		return strconv.FormatFloat(double(in), 'f', 3, 64)
	case "scientific6":
		return strconv.FormatFloat(double(in), 'e', 6, 64)
	case "float":
		value, err := strconv.ParseFloat(string(in), 64)
		if err != nil {
			return "error: " + err.Error()
		}
		if math.IsNaN(value) {
			return "NaN"
		}
		return fmt.Sprintf("%x", math.Float64bits(value))
	case "int":
		return orError(strconv.ParseInt(string(in), 10, 64))
	case "bool":
		return orError(strconv.ParseBool(string(in)))
	case "duration":
		return time.Duration(bits(in)).String()
	case "read-duration":
		value, err := time.ParseDuration(string(in))
		if err != nil {
			return "error"
		}
		return fmt.Sprint(int64(value))
	case "time":
		return time.Unix(int64(bits(in)), 0).UTC().Format(time.RFC3339)
	case "read-time":
		value, err := time.Parse(time.RFC3339, string(in))
		if err != nil {
			return "error"
		}
		return fmt.Sprintf("%d.%09d", value.Unix(), value.Nanosecond())
	case "base64":
		return base64.StdEncoding.EncodeToString(in)
	case "read-base64":
		value, err := base64.StdEncoding.DecodeString(string(in))
		if err != nil {
			return "error"
		}
		return string(value)
	case "hex":
		return hex.EncodeToString(in)
	case "ignored": // folder of the file, its lines, a path
		parts := strings.Split(string(in), "\x00")
		var domain []string
		if parts[0] != "" {
			domain = strings.Split(parts[0], "/")
		}
		rules := sourceignore.NewMatcher(sourceignore.ReadPatterns(strings.NewReader(parts[1]), domain))
		return fmt.Sprint(rules.Match(strings.Split(parts[2], "/"), false))
	case "json-error":
		var value any
		err := json.Unmarshal(in, &value)
		// What is too deep, or too large for a number, is no question of syntax.
		if syntax, is := err.(*json.SyntaxError); is && !strings.Contains(syntax.Error(), "max depth") {
			return syntax.Error()
		}
		return ""
	case "map-error":
		var value map[string]any
		if err := json.Unmarshal(in, &value); err != nil {
			return err.Error()
		}
		return ""
	case "print":
		return fmt.Sprintf("%v", decoded(in))
	case "dump":
		return dump.ForHash(decoded(in))
	case "dump-struct":
		var value sample.Outer
		if err := json.Unmarshal(in, &value); err != nil {
			return "error: " + err.Error()
		}
		return dump.ForHash(value)
	}
	return "no such function"
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		function, input, _ := strings.Cut(lines.Text(), "\t")
		bytes, _ := hex.DecodeString(input)
		fmt.Fprintln(out, hex.EncodeToString([]byte(answer(function, bytes))))
	}
}
