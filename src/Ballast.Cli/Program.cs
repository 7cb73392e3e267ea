Console.WriteLine("ballast 0.1.0");
return 0;
