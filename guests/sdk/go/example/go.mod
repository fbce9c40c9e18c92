module example

go 1.24

require edge v0.0.0

replace edge => ..
