@echo off
rem Builds Ballast (incrementally), then runs it: ballast diagnose DATA
setlocal
set "ROOT=%~dp0"
dotnet build "%ROOT%src\Ballast.Cli\Ballast.Cli.csproj" -c Release -v quiet -nologo --tl:off 1>&2 || exit /b 70
dotnet "%ROOT%artifacts\bin\Ballast.Cli\release\Ballast.Cli.dll" %*
exit /b %ERRORLEVEL%
