// celgo runs cel-go in OpenChoreo's environment.
//
//	celgo eval            JSON lines as `openchoreo-gitops eval cel` reads and writes them
//	celgo reach           the same lines; names the overloads and macros each expression comes by
//	celgo bench FILE      nanoseconds per compilation and evaluation of the expressions in FILE, as JSON
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: celgo eval | celgo reach | celgo bench FILE")
	}
	switch os.Args[1] {
	case "eval":
		eachLine(evalOne)
	case "reach":
		eachLine(reachOne)
	case "bench":
		if len(os.Args) != 3 {
			fail("usage: celgo bench FILE")
		}
		bench(os.Args[2])
	default:
		fail("unknown command " + os.Args[1])
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(2)
}
