package expression

// Supported returns the names of the functions and methods.
func Supported() (functionNames, methodNames []string) { return names(functions), names(methods) }
